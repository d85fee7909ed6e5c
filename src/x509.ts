/**
 * `countersign/x509`: a certificate in place of an access key, as IAM Roles Anywhere takes it.
 *
 * @module
 */
export type { KeyObjectLike, PrivateKey } from './algorithms/x509/private-key.ts'
export { type X509Algorithm, type X509Options, x509 } from './algorithms/x509/x509.ts'
export type { PromisedProvider } from './credentials/promised.ts'
export type { TemporaryCredentials } from './credentials/temporary.ts'
export { CountersignError, type ErrorCode, type ServiceRefusal } from './model/errors.ts'
export { type RolesAnywhereOptions, rolesAnywhere } from './providers/roles-anywhere.ts'
export type { ServiceOptions } from './providers/service.ts'
