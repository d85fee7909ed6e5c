/**
 * `countersign/credentials`: temporary credentials from STS and Cognito, kept fresh, and keys that
 * cannot be read.
 *
 * @module
 */
export { type EnvironmentCredentials, fromEnv } from './credentials/env.ts'
export {
  type RefreshingProvider,
  type RefreshOptions,
  refreshing,
} from './credentials/refreshing.ts'
export type { TemporaryCredentials } from './credentials/temporary.ts'
export { CountersignError, type ErrorCode, type ServiceRefusal } from './model/errors.ts'
export { type AssumeRoleOptions, assumeRole } from './providers/assume-role.ts'
export {
  type CognitoCredentials,
  type CognitoIdentityOptions,
  cognitoIdentity,
} from './providers/cognito-identity.ts'
export { derivedCredentials, type HandleScope, importCredentials } from './providers/key-handles.ts'
export { type S3ExpressSessionOptions, s3ExpressSession } from './providers/s3-express-session.ts'
export type { ServiceOptions } from './providers/service.ts'
export { getSessionToken } from './providers/session-token.ts'
export type { RoleOptions, SignedStsOptions, StsOptions } from './providers/sts.ts'
export { assumeRoleWithWebIdentity, type WebIdentityOptions } from './providers/web-identity.ts'
