import { UNSIGNED_PAYLOAD } from '../canonical/payload.ts'
import type { Profile } from '../canonical/profile.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { Verified, VerifyOptions } from '../model/verify-types.ts'
import type { Reading } from './read.ts'
import { hashBody } from './received.ts'

/** The payload line of a received request, and what it means for the body. */
export interface PayloadLine {
  readonly line: string
  readonly payload: Verified['payload']
  /** Whether the line is the hash of the body that arrived, and not one that was declared. */
  readonly hashed?: true
}

const STREAMING =
  /^STREAMING-(?:UNSIGNED-PAYLOAD-TRAILER|(AWS4-(?:HMAC|ECDSA-P256)-SHA256)-(?:PAYLOAD(?:-TRAILER)?|(EVENTS)))$/

/** Whether a service is S3's: OpenSearch Serverless wants the hash in a header too, and is none. */
const isOfS3 = ({ contentSha256, pathEncoding }: Profile): boolean =>
  contentSha256 !== undefined && pathEncoding === 'single'

/**
 * Which payload line a request was signed with, and whether the caller takes it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function readPayloadLine(
  { received, statement, profile }: Reading,
  options: VerifyOptions,
  crypto: CryptoBackend,
): Awaitable<PayloadLine | Refused> {
  const { fields, parameters } = received
  const { name } = statement.algorithm
  const s3 = isOfS3(profile)
  const { unsignedPayload = s3 ? 'accept' : 'refuse', payload = 'hash' } = options
  const presumed = s3 && statement.claim.placement === 'query' ? UNSIGNED_PAYLOAD : undefined
  // The SDK's signer moves the header to the query in the spelling that it has.
  const line =
    fields['x-amz-content-sha256'] ??
    parameters.get('X-Amz-Content-Sha256') ??
    parameters.get('x-amz-content-sha256') ??
    presumed
  if (line === undefined)
    return s3 || payload === 'deferred'
      ? refuse('missing-payload-hash', 'The header x-amz-content-sha256 is needed.')
      : after(hashBody(received, crypto), (line) => ({ line, payload: 'verified', hashed: true }))
  if (/UNSIGNED/.test(line) && unsignedPayload === 'refuse')
    return refuse('unsigned-payload', 'The body must be signed.')
  if (line === UNSIGNED_PAYLOAD) return { line, payload: 'unsigned' }
  // Chunks are S3's alone, events any other's, each signed by the algorithm of the request.
  const streaming = STREAMING.exec(line)
  if (streaming)
    return (streaming[1] ?? name) === name && !streaming[2] === s3
      ? { line, payload: 'streaming' }
      : refuse('unsigned-payload', 'This service takes no such stream.')
  if (!/^[\da-f]{64}$/.test(line))
    return refuse('payload-mismatch', 'x-amz-content-sha256 is no hash or known word.', {
      about: { header: 'x-amz-content-sha256' },
    })
  return { line, payload: payload === 'deferred' ? 'deferred' : 'verified' }
}
