/**
 * `countersign/testing`: an AWS for tests that verifies what it is sent, and a matcher.
 *
 * @module
 */
export type { Answer } from './testing/answers.ts'
export type { FaultKind, FaultOptions } from './testing/faults.ts'
export type {
  Admitted,
  ClientKey,
  Verdict,
  VerifyingServer,
  VerifyingServerOptions,
} from './testing/server-types.ts'
export {
  type CountersignMatchers,
  type MatcherResult,
  type SignedLike,
  toBeSignedBy,
} from './testing/to-be-signed-by.ts'
export { createVerifyingServer } from './testing/verifying-server.ts'
