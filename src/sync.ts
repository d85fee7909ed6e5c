/**
 * `countersign/sync`: the verbs without promises, for pages over plain http, React Native and
 * workers without `crypto.subtle`.
 *
 * @module
 */
export { type InferredScope, inferScope } from './endpoints/infer-scope.ts'
export { CountersignError, type ErrorCode } from './model/errors.ts'
export {
  canonicalRequest,
  createSigner,
  createVerifier,
  deriveSigningKey,
  explain,
  presign,
  sign,
  stringToSign,
  verify,
} from './verbs/sync.ts'
export type {
  SyncPresignOptions,
  SyncSigner,
  SyncSignOptions,
  SyncVerifier,
  SyncVerifyOptions,
} from './verbs/sync-types.ts'
