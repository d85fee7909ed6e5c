import { buffer } from 'node:stream/consumers'
import { type BodyFault, isBodyFault } from '../../model/body-fault.ts'
import { type Refused, refuse } from '../../model/refusal.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../../model/verify-types.ts'
import { readBody } from '../../s3/read-body.ts'
import { checksums } from '../s3/checksums.ts'

/**
 * The body of a verified request as S3 takes it, or what is wrong with it: one in chunks without its
 * frames, each as its signature, its hash and its checksum say.
 */
export async function plainBody(
  { body, headers }: ReceivedRequest & { body: Uint8Array },
  verified: Verified,
  { algorithm }: Pick<VerifyOptions, 'algorithm'>,
): Promise<Uint8Array | BodyFault> {
  // An event stream has frames of another kind, and is read while it comes.
  if (/-EVENTS$/.test(verified.trace.canonicalRequest)) return body
  try {
    const limits = { chunkSizes: 's3', maxChunkSize: Number.POSITIVE_INFINITY } as const
    const stream = readBody(body, verified, { headers, checksums, algorithm, ...limits })
    return await buffer(stream)
  } catch (error) {
    if (isBodyFault(error)) return error
    throw error
  }
}

/** The verdict on a request whose body does not hold: of what was signed, or of what was said of it. */
export const refusedBody = ({ code }: BodyFault): Refused =>
  /^(chunk|trailer)-mismatch$/.test(code)
    ? refuse('signature-mismatch', 'A chunk or the trailer is not the one that was signed.')
    : refuse('payload-mismatch', `The body does not hold: ${code}.`)
