/**
 * `countersign/node-credentials`: the credentials of the machine, a container's, an instance's, a
 * profile's, for Node, Deno and Bun.
 *
 * @module
 */
export type { PromisedProvider } from './credentials/promised.ts'
export { CountersignError, type ErrorCode, type ServiceRefusal } from './model/errors.ts'
export { fromNode } from './node-credentials/chain.ts'
export { fromContainer } from './node-credentials/container.ts'
export { fromInstance } from './node-credentials/instance.ts'
export type {
  Environment,
  MachineCredentials,
  MachineOptions,
  MachineSession,
} from './node-credentials/machine.ts'
export { fromProfile, type ProfileOptions } from './node-credentials/profile.ts'
export type { MachineStsOptions } from './node-credentials/sts.ts'
export { fromWebIdentity } from './node-credentials/web-identity.ts'
