import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { EMPTY_HASH } from '../lib/bytes.ts'
import { ensure } from '../model/errors.ts'
import type { AnyRequest, CanonicalOptions } from '../model/types.ts'
import type { HeaderFields } from './headers.ts'
import type { Profile } from './profile.ts'

/** The payload line that leaves the body out of the signature. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** The last line of the canonical request, the body to send, and `half` where it may be a stream. */
export type Payload = readonly [hash: string, body: unknown, duplex: 'half' | undefined]

/**
 * Reads the payload as it is given, or hashes the body.
 * The server is told it wherever it would presume another: S3, `s3Payload`; the others, the hash.
 */
export function readPayload(
  request: AnyRequest,
  headers: HeaderFields,
  options: CanonicalOptions & Profile,
  s3Payload: string | undefined,
  crypto: CryptoBackend,
): Awaitable<Payload> {
  const presumed = options.contentSha256 && s3Payload
  const given = options.payload ?? headers['x-amz-content-sha256'] ?? presumed
  const { body } = request
  return after(
    // Firefox does not show what body a Request has: it is read where there may be one.
    'clone' in request &&
      (body ? !given : body !== null && !/GET|HEAD/.test(request.method as string))
      ? request.clone().arrayBuffer()
      : body,
    (body) => {
      const data = (body ?? '') as string | Uint8Array
      const isBytes = typeof data === 'string' || data.byteLength >= 0
      ensure(
        given ? /^([\da-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[\w-]+)$/.test(given) : isBytes,
        given ? 'invalid-payload' : 'invalid-body',
        options.pathEncoding === 'single'
          ? 'text, bytes or payload UNSIGNED-PAYLOAD'
          : 'text, bytes or payload',
      )
      return after(given ?? (data ? crypto.sha256(data) : EMPTY_HASH), (hash) => {
        if (options.contentSha256 ? hash !== presumed : given && /^[SU]/.test(given))
          headers['x-amz-content-sha256'] = hash
        return [hash, body, isBytes ? undefined : 'half']
      })
    },
  )
}
