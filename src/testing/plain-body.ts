import { buffer } from 'node:stream/consumers'
import { CountersignError } from '../model/errors.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { Verified, VerifyOptions } from '../model/verify-types.ts'
import { decodeChunked } from '../s3/decode-chunked.ts'
import { checksums } from './checksums.ts'

/**
 * The body of a verified request: an aws-chunked one without its framing, or refused where a chunk,
 * the trailer or its checksum does not hold.
 */
export async function plainBody(
  body: Uint8Array,
  verified: Verified,
  { algorithm }: Pick<VerifyOptions, 'algorithm'>,
): Promise<Uint8Array | Refused> {
  if (verified.payload !== 'streaming') return body
  try {
    const options = { checksums, algorithm, maxChunkSize: Number.POSITIVE_INFINITY }
    return await buffer(decodeChunked(body, verified, options))
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error
    // An event stream is no aws-chunked body.
    if (error.code === 'invalid-payload') return body
    return /^(chunk|trailer)-mismatch$/.test(error.code)
      ? refuse('signature-mismatch', 'A chunk or the trailer is not the one that was signed.')
      : refuse('payload-mismatch', `The aws-chunked body does not hold: ${error.code}.`)
  }
}
