import type { CountersignError } from './errors.ts'
import type { RefusedAbout } from './refusal.ts'

/** What can be wrong with the body of a request whose signature holds. */
export type BodyFaultCode =
  | 'body-limit'
  | 'checksum-mismatch'
  | 'chunk-limit'
  | 'chunk-mismatch'
  | 'invalid-checksum'
  | 'invalid-chunk'
  | 'length-mismatch'
  | 'missing-length'
  | 'payload-mismatch'
  | 'small-chunk'
  | 'trailer-mismatch'
  | 'unknown-checksum'

/** What a body that does not hold fails with; `awsError` answers it. */
export type BodyFault = CountersignError & {
  /** Which fault it is. */
  readonly code: BodyFaultCode
  /** The field that states a checksum which is none. */
  readonly about?: Pick<RefusedAbout, 'header'>
}

// A record, so that none can be forgotten.
const CODES: Readonly<Record<BodyFaultCode, true>> = {
  'body-limit': true,
  'checksum-mismatch': true,
  'chunk-limit': true,
  'chunk-mismatch': true,
  'invalid-checksum': true,
  'invalid-chunk': true,
  'length-mismatch': true,
  'missing-length': true,
  'payload-mismatch': true,
  'small-chunk': true,
  'trailer-mismatch': true,
  'unknown-checksum': true,
}

/**
 * Tells the fault of a body from whatever else a stream may fail with.
 *
 * @example
 * try {
 *   await pipeline(readBody(request, result), createWriteStream(path))
 * } catch (error) {
 *   if (!isBodyFault(error)) throw error
 *   const { status, headers, body } = awsError(error, 's3')
 *   response.writeHead(status, headers).end(body)
 * }
 */
export function isBodyFault(error: unknown): error is BodyFault {
  const { name, code } = (error ?? {}) as Partial<BodyFault>
  return name === 'CountersignError' && Object.hasOwn(CODES, `${code}`)
}
