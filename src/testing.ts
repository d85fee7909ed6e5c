export type { Answer } from './testing/answer.ts'
export {
  type CountersignMatchers,
  type MatcherResult,
  type SignedLike,
  toBeSignedBy,
} from './testing/to-be-signed-by.ts'
export {
  type ClientKey,
  createVerifyingServer,
  type Verdict,
  type VerifyingServer,
  type VerifyingServerOptions,
} from './testing/verifying-server.ts'
