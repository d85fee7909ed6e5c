import type { CryptoBackend } from '../crypto/backend.ts'
import type {
  Credentials,
  DerivedCredentials,
  SigningCredentials,
  SigningKey,
} from '../model/types.ts'

/** All that a key is derived from, in parts to be compared one by one. */
export type Origin = readonly [id: string, scope: string, ...others: unknown[]]

/** A key beside its origin. */
export interface Derived {
  readonly origin: Origin
  readonly key: SigningKey
}

/**
 * What the key of a credential and a credential scope is derived from: of the key id too, as SigV4a
 * does, and by a backend, as an imported key is for that alone. A key handle is known by itself.
 */
export const originOf = (
  credentials: SigningCredentials,
  credentialScope: string,
  crypto: CryptoBackend,
): Origin => {
  const { accessKeyId, secretAccessKey, signingKey, scope } = credentials as Credentials &
    DerivedCredentials
  return [accessKeyId, credentialScope, secretAccessKey, signingKey, scope, crypto]
}

/** Finds a key by its origin. */
export const findKey = (keys: readonly Derived[], origin: Origin): Derived | undefined =>
  keys.find((held) => origin.every((part, at) => part === held.origin[at]))
