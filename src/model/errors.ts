/** The stable codes of {@link CountersignError}; test `error.code`, not the class or the message. */
export type ErrorCode =
  | 'checksum-mismatch'
  | 'chunk-limit'
  | 'chunk-mismatch'
  | 'credentials-refused'
  | 'crypto-unavailable'
  | 'dot-segments'
  | 'expired-credentials'
  | 'invalid-body'
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
  | 'not-synchronous'
  | 'trailer-mismatch'
  | 'unknown-checksum'

/** What STS or Cognito said when it gave no credentials. */
export interface ServiceRefusal {
  /** Of HTTP; 0 for a redirect that a browser does not show. */
  readonly status: number
  /** AWS's own, such as `AccessDenied`, `ExpiredTokenException`, `NotAuthorizedException`. */
  readonly code: string | undefined
  /** Its first line, without what was sent in confidence. */
  readonly message: string
}

/** What countersign throws: a stable `code` and a sentence that says what to do; never a secret. */
export class CountersignError extends Error {
  override readonly name: string = 'CountersignError'
  declare readonly code: ErrorCode
  /** With `credentials-refused`: the service's own words. */
  declare readonly service?: ServiceRefusal

  constructor(code: ErrorCode, remedy: string) {
    super(`${code}: pass ${remedy}.`)
    this.code = code
  }
}

/** Throws a {@link CountersignError} that says what to pass instead. */
export function fail(code: ErrorCode, remedy: string): never {
  throw new CountersignError(code, remedy)
}

/** The value where it is one, or a {@link CountersignError} that says what to pass instead. */
export const ensure = <T>(
  value: T | false | null | undefined | '' | 0,
  code: ErrorCode,
  remedy: string,
): T => value || fail(code, remedy)
