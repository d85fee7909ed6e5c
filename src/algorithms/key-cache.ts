import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { formatScope, type Scope } from '../road/scope.ts'
import type { SigningCredentials } from '../types.ts'
import type { Algorithm, SigningKey } from './algorithm.ts'

/** A key, and what to call once it has proved right. */
export interface FoundKey {
  readonly key: SigningKey
  keep(): void
}

/** Finds the signing key of a credential and a scope, deriving it where it is not held. */
export type KeyCache = (
  algorithm: Algorithm,
  credentials: SigningCredentials,
  scope: Scope,
  crypto: CryptoBackend,
) => Steps<FoundKey>

/** Derives each key anew: the cache of those who hold none. */
export const noKeyCache: KeyCache = function* (algorithm, credentials, scope, crypto) {
  return { key: yield* algorithm.deriveKey(credentials, scope, crypto), keep: () => {} }
}

/**
 * A bounded cache of signing keys. The last key is found by comparing its secret and scope; older
 * ones by a digest of both, so a changed secret misses and no secret is ever a map key.
 */
export function createKeyCache(limit = 256): KeyCache {
  const keys = new Map<string, FoundKey>()
  let last: { secret: unknown; scope: string; found: FoundKey } | undefined

  return function* (algorithm, credentials, scope, crypto) {
    const secret =
      'signingKey' in credentials ? credentials.signingKey : credentials.secretAccessKey
    const name = `${algorithm.name}/${credentials.accessKeyId}/${formatScope(scope)}`
    if (last?.secret === secret && last.scope === name) return last.found
    const id = typeof secret === 'string' ? yield* wait(crypto.sha256(`${name}\n${secret}`)) : ''
    const held = keys.get(id)
    const key = held?.key ?? (yield* algorithm.deriveKey(credentials, scope, crypto))
    const found: FoundKey = {
      key,
      keep() {
        last = { secret, scope: name, found }
        if (id === '') return
        keys.delete(id)
        keys.set(id, found)
        if (keys.size > limit) keys.delete(keys.keys().next().value as string)
      },
    }
    if (held) found.keep()
    return found
  }
}
