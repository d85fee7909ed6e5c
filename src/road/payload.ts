import type { CryptoBackend } from '../crypto/backend.ts'
import { fail, match } from '../errors.ts'
import { type Steps, wait } from '../lib/steps.ts'
import type { AnyRequest, CanonicalOptions } from '../types.ts'
import type { HeaderMap } from './headers.ts'
import type { Profile } from './profile.ts'

/** The payload line that leaves the body out of the signature. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/**
 * The last line of the canonical request, as given or by hashing the body; and the body to send.
 * The server is told it wherever it would presume another: S3, `s3Payload`; the others, the hash.
 */
export function* readPayload(
  request: AnyRequest,
  headers: HeaderMap,
  options: CanonicalOptions & Profile,
  s3Payload: string | undefined,
  crypto: CryptoBackend,
): Steps<readonly [payloadHash: string, body: unknown]> {
  const presumed = options.contentSha256 && s3Payload
  let payload = options.payload ?? headers.get('x-amz-content-sha256') ?? presumed
  let body = request.body
  if (!payload) {
    if (body && 'clone' in request) body = yield* wait(request.clone().arrayBuffer())
    const data = (body ?? '') as string | Uint8Array
    if (typeof data !== 'string' && !(data.byteLength >= 0))
      fail('invalid-body', 'text, bytes or payload')
    payload = yield* wait(crypto.sha256(data))
  }
  match(
    payload,
    /^([\da-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[\w-]+)$/,
    'invalid-payload',
    'a hash in hex',
  )
  if (options.contentSha256 ? payload !== presumed : /^[SU]/.test(payload))
    headers.set('x-amz-content-sha256', payload)
  return [payload, body]
}

/** Whether a body can be read only once. */
export const isStream = (body: unknown): boolean => {
  const stream = body as Partial<ReadableStream & AsyncIterable<unknown>> | undefined
  return !!(stream?.getReader ?? stream?.[Symbol.asyncIterator])
}
