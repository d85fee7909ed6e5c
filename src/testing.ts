export type { Answer } from './testing/answer.ts'
export type {
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
