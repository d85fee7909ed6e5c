export {
  canonicalRequest,
  createSigner,
  createVerifier,
  deriveSigningKey,
  explain,
  presign,
  type Signer,
  type SignerOptions,
  sign,
  stringToSign,
  type Verifier,
  verify,
} from './async.ts'
export { type AwsErrorResponse, type AwsProtocol, awsError } from './aws-error.ts'
export type {
  CryptoBackend,
  CryptoKeyLike,
  Hashable,
  HmacKey,
  KeyUse,
  Sha256Stream,
  SyncCryptoBackend,
} from './crypto/backend.ts'
export { CountersignError, type ErrorCode } from './errors.ts'
export type { ClientExplainOptions, ServerExplainOptions } from './explain/sides.ts'
export type { Difference, ExplainHints, Explanation, MismatchCause } from './explain/types.ts'
export { type InferredScope, inferScope } from './infer-scope.ts'
export type { RefusalReason, Refused } from './refusal.ts'
export {
  createReplayGuard,
  type RedisClient,
  type ReplayGuardOptions,
  redisReplayGuard,
} from './replay-guard.ts'
export type { Fetch, FetchOptions, SignedFetch } from './signed-fetch.ts'
export type { CanonicalRequest } from './stages.ts'
export type {
  Algorithm,
  BytesBody,
  CanonicalOptions,
  Credentials,
  CredentialsProvider,
  DerivedCredentials,
  DotSegments,
  FetchRequest,
  HeadersInput,
  ImportedCredentials,
  InRegions,
  KeyScope,
  OpaqueRequest,
  PathEncoding,
  PathNormalization,
  PayloadHash,
  PresignedRequest,
  PresignOptions,
  RegionSet,
  ScopeOptions,
  SessionTokenPlace,
  SignedRequest,
  SigningCredentials,
  SigningRequest,
  SignOptions,
  Trace,
  UrlLike,
} from './types.ts'
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
} from './verify-types.ts'
