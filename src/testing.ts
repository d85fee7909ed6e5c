/**
 * `countersign/testing`: an AWS for tests that verifies what it is sent, a matcher, and a probe of servers.
 *
 * @module
 */
export { probe } from './probe/run.ts'
export type { ProbeAnswer, ProbeOptions, ProbeResult, ProbeVerdict } from './probe/types.ts'
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
