import { randomBytes } from 'node:crypto'
import { isoSeconds } from '../../lib/time.ts'
import type { Credentials } from '../../model/types.ts'
import type { VerifyOptions } from '../../model/verify-types.ts'
import { serviceError } from '../protocols/service-error.ts'

/** How keys are looked up. */
export type Lookup = VerifyOptions['credentials']

/** A key that the server knows, one that stays or one that ends. */
export interface KnownKey {
  readonly key: Credentials
  readonly created: Date
  status: 'Active' | 'Inactive'
  /** What it was last used for. */
  use?: { readonly time: Date; readonly service: string; readonly region: string }
}

/** The keys that a server knows, by their ids: the one that it was given, and those that its services made. */
export type Keys = Map<string, KnownKey>

/** Makes a key known. */
export function addKey(keys: Keys, key: Credentials, created: Date): KnownKey {
  const known: KnownKey = { key, created, status: 'Active' }
  keys.set(key.accessKeyId, known)
  return known
}

/** A new key that nobody knows. */
export const newKey = (prefix: string): Credentials => ({
  accessKeyId: prefix + randomBytes(8).toString('hex').toUpperCase(),
  secretAccessKey: randomBytes(30).toString('base64'),
})

/** Makes a key that ends, and tells it by AWS's names. */
export function addSession(keys: Keys, time: Date, seconds: unknown): Record<string, string> {
  const expiration = new Date(Number(time) + Number(seconds) * 1000)
  if (!Number.isInteger(Number(seconds)) || !(expiration > time))
    throw serviceError(400, 'ValidationError', 'DurationSeconds must be a number of seconds.')
  const SessionToken = randomBytes(96).toString('base64')
  const key = newKey('ASIA')
  addKey(keys, { ...key, sessionToken: SessionToken, expiration }, time)
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = key
  return { AccessKeyId, SecretAccessKey, SessionToken, Expiration: isoSeconds(expiration) }
}
