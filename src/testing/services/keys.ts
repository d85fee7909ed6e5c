import { randomBytes } from 'node:crypto'
import { isoSeconds } from '../../lib/time.ts'
import type { Credentials } from '../../model/types.ts'
import type { VerifyOptions } from '../../model/verify-types.ts'

/** How keys are looked up. */
export type Lookup = VerifyOptions['credentials']

/** A key that stays, as IAM tells of it. */
export interface UserKey {
  readonly key: Credentials
  readonly created: Date
  status: 'Active' | 'Inactive'
}

/** A key that ends. */
export interface SessionKey extends Credentials {
  readonly sessionToken: string
  readonly expiration: Date
}

/** What a key was last used for. */
export interface KeyUse {
  readonly time: Date
  readonly service: string
  readonly region: string
}

/** The keys that a server knows: those that it was given, and those that its services have made. */
export interface Keys {
  readonly find: Lookup
  /** Makes a key that ends. */
  session(time: Date, seconds: number): SessionKey
  /** Makes a key that stays. */
  create(time: Date): UserKey
  /** The keys that stay, by their ids. */
  readonly users: Map<string, UserKey>
  /** What each key was used for, by its id. */
  readonly uses: Map<string, KeyUse>
}

const newKey = (prefix: string): Credentials => ({
  accessKeyId: prefix + randomBytes(8).toString('hex').toUpperCase(),
  secretAccessKey: randomBytes(30).toString('base64'),
})

/** A new session, as STS and S3 tell of it in XML. */
export function sessionOf(keys: Keys, time: Date, seconds: number): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys.session(time, seconds)
  const key = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey }
  return { ...key, SessionToken: sessionToken, Expiration: isoSeconds(expiration) }
}

/** The keys of a server that begins with one, or with a lookup of its own. */
export function createKeys(given: Credentials | Lookup, time: Date): Keys {
  const sessions = new Map<string, Credentials>()
  const users = new Map<string, UserKey>()
  const add = (key: Credentials, created: Date) => {
    const user: UserKey = { key, created, status: 'Active' }
    users.set(key.accessKeyId, user)
    return user
  }
  if (typeof given !== 'function') add(given, time)
  return {
    users,
    uses: new Map(),
    find(id, claim) {
      const user = users.get(id)
      if (user) return user.status === 'Active' ? user.key : undefined
      return sessions.get(id) ?? (typeof given === 'function' ? given(id, claim) : undefined)
    },
    session(time, seconds) {
      const sessionToken = randomBytes(96).toString('base64')
      const expiration = new Date(Number(time) + seconds * 1000)
      const key = { ...newKey('ASIA'), sessionToken, expiration }
      sessions.set(key.accessKeyId, key)
      return key
    },
    create: (time) => add(newKey('AKIA'), time),
  }
}
