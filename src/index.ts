/**
 * `countersign`: sign, presign, verify and explain, with promises; the stages between, and all types.
 *
 * @module
 */

export type {
  CryptoBackend,
  CryptoKeyLike,
  Hashable,
  HmacKey,
  KeyUse,
  Sha256Stream,
  SyncCryptoBackend,
} from './crypto/backend.ts'
export { type InferredScope, inferScope } from './endpoints/infer-scope.ts'
export type { ClientExplainOptions, ServerExplainOptions } from './explain/case/options.ts'
export type {
  Difference,
  ExplainHints,
  Explanation,
  Finding,
  MismatchCause,
} from './explain/types.ts'
export type { Fetch, FetchOptions, SignedFetch } from './fetch/types.ts'
export type { BodyFault, BodyFaultCode } from './model/body-fault.ts'
export { CountersignError, type ErrorCode } from './model/errors.ts'
export type {
  DotSegments,
  EncodedSlash,
  PathEncoding,
  PathNormalization,
  SessionTokenPlace,
} from './model/option-words.ts'
export type {
  FormRefusalReason,
  PostCondition,
  PostRefusalReason,
  RefusedPost,
} from './model/post.ts'
export type { RefusalReason, Refused } from './model/refusal.ts'
export type {
  Algorithm,
  BytesBody,
  CanonicalOptions,
  Credentials,
  CredentialsProvider,
  DerivedCredentials,
  FetchRequest,
  HeadersInput,
  ImportedCredentials,
  KeyScope,
  OpaqueRequest,
  PayloadHash,
  PresignedRequest,
  PresignOptions,
  RegionSet,
  ScopeOptions,
  SignedRequest,
  SigningCredentials,
  SigningRequest,
  SignOptions,
  Trace,
  UrlLike,
} from './model/types.ts'
export type {
  OptionsFor,
  OptionsWithPayload,
  RequestOf,
  RequestToSign,
  SignedBody,
  WithPayload,
  WithRegion,
} from './model/verb-types.ts'
export type {
  Claim,
  PayloadCheck,
  ReceivedRequest,
  ReplayGuard,
  SignaturePlacement,
  Verified,
  VerifiedScope,
  VerifyingCredentials,
  VerifyOptions,
} from './model/verify-types.ts'
export type { CanonicalRequest } from './sign/stages.ts'
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
} from './verbs/async.ts'
export type { Signer, SignerOptions } from './verbs/async-types.ts'
export {
  type AwsErrorOptions,
  type AwsErrorResponse,
  type AwsProtocol,
  awsError,
} from './verify/aws-error.ts'
export {
  createReplayGuard,
  type RedisClient,
  type ReplayGuardOptions,
  redisReplayGuard,
} from './verify/replay-guard.ts'
export type { Verifier } from './verify/verifier.ts'
