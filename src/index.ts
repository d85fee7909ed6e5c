export {
  canonicalRequest,
  createSigner,
  deriveSigningKey,
  presign,
  type Signer,
  type SignerOptions,
  sign,
  stringToSign,
} from './async.ts'
export type { CryptoBackend, CryptoKeyLike, HmacKey } from './crypto/backend.ts'
export { CountersignError, type ErrorCode } from './errors.ts'
export { type InferredScope, inferScope } from './infer-scope.ts'
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
  KeyScope,
  OpaqueRequest,
  PathEncoding,
  PathNormalization,
  PayloadHash,
  PresignedRequest,
  PresignOptions,
  ScopeOptions,
  SessionTokenPlace,
  SignedRequest,
  SigningCredentials,
  SigningRequest,
  SignOptions,
  Trace,
  UrlLike,
} from './types.ts'
