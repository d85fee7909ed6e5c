/** The stable codes of {@link CountersignError}; test `error.code`, not the class or the message. */
export type ErrorCode =
  | 'body-limit'
  | 'checksum-mismatch'
  | 'chunk-limit'
  | 'chunk-mismatch'
  | 'credentials-refused'
  | 'crypto-unavailable'
  | 'dot-segments'
  | 'expired-credentials'
  | 'invalid-body'
  | 'invalid-checksum'
  | 'invalid-chunk'
  | 'invalid-credentials'
  | 'invalid-date'
  | 'invalid-expiry'
  | 'invalid-header'
  | 'invalid-options'
  | 'invalid-payload'
  | 'invalid-policy'
  | 'invalid-scope'
  | 'invalid-url'
  | 'length-mismatch'
  | 'long-term-credentials'
  | 'missing-length'
  | 'not-synchronous'
  | 'payload-mismatch'
  | 'replay-guard-full'
  | 'small-chunk'
  | 'trailer-mismatch'
  | 'unknown-checksum'

/** What STS, Cognito or Roles Anywhere said when it gave no credentials. */
export interface ServiceRefusal {
  /** The status of HTTP; 0 for a redirect that a browser does not show. */
  readonly status: number
  /** AWS's own, such as `AccessDenied`, `ExpiredTokenException`, `NotAuthorizedException`. */
  readonly code: string | undefined
  /** The first line of what it said, at most 500 characters, without what was sent in confidence. */
  readonly message: string
}

/**
 * What countersign throws: a stable `code`, and a sentence that says what to pass instead or what is
 * wrong with the data that arrived; never a secret.
 *
 * @example
 * try {
 *   await sign(request, options)
 * } catch (error) {
 *   if (error instanceof CountersignError && error.code === 'expired-credentials') signInAgain()
 *   else throw error
 * }
 */
export class CountersignError extends Error {
  /** `CountersignError`, which tells it from others where a bundle holds two copies of the class. */
  override readonly name: string = 'CountersignError'
  /** Which mistake it is: what to test, as messages may change. */
  declare readonly code: ErrorCode
  /** With `credentials-refused`: the service's own words. */
  declare readonly service?: ServiceRefusal

  /** The code, and the sentence that stands behind it in the message. */
  constructor(code: ErrorCode, sentence: string) {
    super(`${code}: ${sentence}`)
    this.code = code
  }
}

/** Throws a {@link CountersignError} for an argument: it says what to pass instead. */
export function fail(code: ErrorCode, remedy: string): never {
  throw new CountersignError(code, `pass ${remedy}.`)
}

/**
 * Throws a {@link CountersignError} for data that arrived, which whoever reads it did not choose: a
 * whole sentence of what is wrong with it.
 */
export function failWith(code: ErrorCode, sentence: string): never {
  throw new CountersignError(code, sentence)
}

/** The argument where it is one, or a {@link CountersignError} that says what to pass instead. */
export const ensure = <T>(
  value: T | false | null | undefined | '' | 0,
  code: ErrorCode,
  remedy: string,
): T => value || fail(code, remedy)
