import { backend } from '#crypto'
import { type EventSigner, type EventSignerOptions, eventSigner } from '../eventstream/signer.ts'
import {
  type EventRequest,
  type EventVerifier,
  type EventVerifierOptions,
  eventVerifier,
} from '../eventstream/verifier.ts'
import type { SignedRequest } from '../model/types.ts'

/**
 * Signs the events of a stream, as Transcribe and Bedrock take them: each is signed together with
 * the signature before it, the first with that of the request; an empty one ends the stream.
 *
 * The request is signed with `payload: 'STREAMING-AWS4-HMAC-SHA256-EVENTS'` over HTTP/2; a presigned
 * `wss:` URL starts the chain as well. Use the credentials that signed it.
 *
 * @throws CountersignError `invalid-options` where the request has no signature of SigV4;
 * `invalid-body` after the end, and as `sign` does, when an event is signed
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
 * @example
 * const codec = new EventStreamCodec(toUtf8, fromUtf8) // of @smithy/eventstream-codec
 * const signed = await sign(request, { ...options, payload: 'STREAMING-AWS4-HMAC-SHA256-EVENTS' })
 * const events = createEventSigner(signed, options)
 * for await (const frame of events.frames(payloads, codec)) stream.write(frame)
 */
export const createEventSigner = (
  request: Pick<SignedRequest, 'signature'>,
  options: EventSignerOptions,
): EventSigner => eventSigner(request, options, backend)

/**
 * Verifies the events of a stream whose request `verify` has let in.
 *
 * Each event must follow the one before, and be signed within `maxClockSkew`; a stream that stops
 * without its empty event was cut off.
 *
 * @throws CountersignError `invalid-options` where the request has no signature of SigV4
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
 * @example
 * const request = await verify(received, { service: 'transcribe', credentials: find })
 * if (request.ok)
 *   for await (const payload of createEventVerifier(request).payloads(body, codec)) use(payload)
 */
export const createEventVerifier = (
  request: EventRequest,
  options: EventVerifierOptions = {},
): EventVerifier => eventVerifier(request, options, backend)
