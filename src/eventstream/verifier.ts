import { cachedKeys } from '../algorithms/cached-keys.ts'
import { matches } from '../algorithms/matches.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { formatScope } from '../canonical/scope.ts'
import { type CryptoBackend, told } from '../crypto/backend.ts'
import { hex } from '../lib/hex.ts'
import { formatAmzDate, timeOf } from '../lib/time.ts'
import { CountersignError, failWith } from '../model/errors.ts'
import { isRefused, type Refused, refuse } from '../model/refusal.ts'
import type { Credentials, DerivedCredentials } from '../model/types.ts'
import type { Verified } from '../model/verify-types.ts'
import { eventStringToSign, inTurn, seedOf } from './chain.ts'
import { splitFrames } from './frames.ts'
import {
  type Chunks,
  type EventCodec,
  type EventMessage,
  encodeDate,
  readSigned,
} from './message.ts'

/** What an event verifier needs of the request that opened the stream: what `verify` returns fits. */
export interface EventRequest {
  /** The key that matched the request; every event is held to it. */
  readonly credentials: Verified['credentials']
  /** What the request was signed for; the events are, too, each on its own day. */
  readonly scope: {
    /** Such as `eu-west-1`. */
    readonly region?: string
    /** As it stands in a credential scope: `transcribe`, `bedrock`. */
    readonly service: string
  }
  /** How the request's signature came to be. */
  readonly trace: {
    /** 64 lower-case hex digits: the first event is chained to it. */
    readonly signature: string
  }
}

/** What `createEventVerifier` judges the time of events by. */
export interface EventVerifierOptions {
  /** The clock that events are judged by. Default: the system's. */
  now?: (() => Date) | undefined
  /** Seconds that an event's time may be off, either way. Default: 900. */
  maxClockSkew?: number | undefined
  /** The hashes to use. Default: the platform's, `node:crypto` or `crypto.subtle`. */
  crypto?: CryptoBackend | undefined
}

/** An event whose signature holds, and with it all before it. */
export interface VerifiedEvent {
  /** True: the payload may be used. Tells this from a `Refused`. */
  readonly ok: true
  /** The payload; empty at the end of the stream. */
  readonly body: Uint8Array
  /** The event's own time, its `:date`. */
  readonly signedAt: Date
  /** Whether the stream ends here; one that stops without it was cut off. */
  readonly last: boolean
}

/** Verifies the events of one stream, in order. */
export interface EventVerifier {
  /** Verifies the next event; after a refusal, and after the end, everything is refused. */
  verify(event: EventMessage): Promise<VerifiedEvent | Refused>
  /** The payloads of a whole stream of frames; fails with `invalid-body` where one does not hold, whose refusal is its cause. */
  payloads(
    bytes: Chunks,
    codec: Pick<EventCodec, 'decode'>,
  ): AsyncGenerator<Uint8Array, void, undefined>
}

/** Makes an event verifier that starts from the signature of a request. */
export function eventVerifier(
  request: EventRequest,
  { now = () => new Date(), maxClockSkew = 900, crypto: given }: EventVerifierOptions,
  platform: CryptoBackend,
): EventVerifier {
  const {
    credentials,
    scope: { region = '', service },
  } = request
  const crypto = given ?? platform
  const held = (credentials as Partial<DerivedCredentials>).scope
  const algorithm = cachedKeys(sigv4)
  const take = inTurn()
  let prior = seedOf(request.trace.signature)
  let end: Refused | undefined

  async function verifying(
    { body }: EventMessage,
    signed: ReturnType<typeof readSigned>,
    scope: string,
  ): Promise<VerifiedEvent | Refused> {
    if (end) return end
    if (!signed)
      return refuse('malformed-authorization', 'An event needs :date and :chunk-signature alone.')
    const { date } = signed
    const signature = hex(signed.signature)
    const times = { request: date, server: now() }
    if (!(Math.abs(Number(times.server) - Number(date)) <= maxClockSkew * 1000))
      return refuse('clock-skew', 'The event time and the server time are too far apart.', {
        times,
      })
    const { expiration } = credentials as Partial<Credentials>
    if (!(timeOf(expiration ?? Infinity) > Number(times.server)))
      return refuse('expired-session-token', 'The session token has expired.')
    if (held && formatScope(held.date, held) !== scope)
      return refuse('scope-mismatch', 'The key that is held is for another day than the event.')
    const place = { amzDate: formatAmzDate(date), scope }
    const text = await eventStringToSign(prior, place, encodeDate(date), body, crypto)
    const key = await algorithm.deriveKey(credentials, scope, crypto)
    if (!(await matches(algorithm, key, text, signature, crypto)))
      return refuse('signature-mismatch', 'The signature is not that of this event at this place.')
    prior = signature
    const last = body.length === 0
    if (last) end = refuse('malformed-authorization', 'An event came after the end of the stream.')
    return { ok: true, body, signedAt: date, last }
  }

  const verify = (event: EventMessage) =>
    take(async () => {
      const signed = readSigned(event)
      // Each event is signed for its own day.
      const credentialScope = signed
        ? formatScope(formatAmzDate(signed.date), { region, service })
        : ''
      const stated = { statement: { claim: credentials, credentialScope } }
      const result = await told(() => verifying(event, signed, credentialScope), platform, stated)
      if (isRefused(result)) end ??= result
      return result
    })
  return {
    verify,
    async *payloads(bytes, codec) {
      let last = false
      for await (const frame of splitFrames(bytes)) {
        const result = await verify(codec.decode(frame))
        if (!result.ok)
          throw Object.assign(
            new CountersignError('invalid-body', `an event was refused. ${result.message}`),
            { cause: result },
          )
        last = result.last
        if (!last) yield result.body
      }
      if (!last) failWith('invalid-body', 'the stream was cut off: no empty event ends it.')
    },
  }
}
