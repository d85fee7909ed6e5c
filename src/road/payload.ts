import type { CryptoBackend } from '../crypto/backend.ts'
import { fail } from '../errors.ts'
import { type Steps, wait } from '../lib/steps.ts'
import type { AnyRequest } from '../types.ts'
import type { Draft } from './draft.ts'

/** The payload line that leaves the body out of the signature. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** Whether a payload line is one of S3's words rather than a hash. */
export const isPayloadWord = (line: string | undefined): line is string =>
  /^(UNSIGNED-PAYLOAD|STREAMING-[A-Z\d-]+)$/.test(line ?? '')

/** Checks a payload line that the caller gave. */
export const checkPayload = (line: string): string =>
  isPayloadWord(line) || /^[\da-f]{64}$/.test(line)
    ? line
    : fail(
        'invalid-payload',
        "payload must be the body's SHA-256 in 64 lower-case hex digits, UNSIGNED-PAYLOAD or STREAMING-….",
      )

/** The SHA-256 of a body whose bytes are at hand, in hex; nothing counts as an empty one. */
export function* hashBody(body: unknown, crypto: CryptoBackend): Steps<string> {
  const data = body ?? ''
  if (typeof data === 'string') return yield* wait(crypto.sha256(data))
  if (ArrayBuffer.isView(data))
    return yield* wait(crypto.sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  // By its tag, as the class is another one in every realm.
  if (Object.prototype.toString.call(data) === '[object ArrayBuffer]')
    return yield* wait(crypto.sha256(new Uint8Array(data as ArrayBuffer)))
  return fail(
    'invalid-body',
    'Only a string or bytes can be hashed: pass payload (a hash, or UNSIGNED-PAYLOAD for S3) beside this body.',
  )
}

/** The last line of the canonical request, and the body as it will be sent. */
export function* payloadOf(
  request: AnyRequest,
  { headers, profile }: Draft,
  { payload }: { payload?: string | undefined },
  { s3Payload }: { s3Payload?: string },
  crypto: CryptoBackend,
): Steps<{ payloadHash: string; body: unknown }> {
  const given =
    payload ??
    headers.get('x-amz-content-sha256') ??
    (profile.family === 's3' ? s3Payload : undefined)
  if (given !== undefined) return { payloadHash: checkPayload(given), body: request.body }
  const body =
    request.body && 'clone' in request
      ? new Uint8Array(yield* wait(request.clone().arrayBuffer()))
      : request.body
  return { payloadHash: yield* hashBody(body, crypto), body }
}
