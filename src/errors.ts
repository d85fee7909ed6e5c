/** The stable codes of {@link CountersignError}; test `error.code`, not the class or the message. */
export type ErrorCode =
  | 'clock-skew'
  | 'crypto-unavailable'
  | 'dot-segments'
  | 'expired-credentials'
  | 'invalid-body'
  | 'invalid-credentials'
  | 'invalid-date'
  | 'invalid-expiry'
  | 'invalid-header'
  | 'invalid-method'
  | 'invalid-options'
  | 'invalid-payload'
  | 'invalid-scope'
  | 'invalid-url'
  | 'long-term-credentials'
  | 'not-synchronous'

/** What countersign throws: a stable `code` and a sentence that says what to do; never a secret. */
export class CountersignError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CountersignError'
    this.code = code
  }
}

/** Throws a {@link CountersignError}. */
export function fail(code: ErrorCode, message: string): never {
  throw new CountersignError(code, message)
}
