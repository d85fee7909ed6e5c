import { wait } from '../lib/steps.ts'
import type { Credentials, DerivedCredentials } from '../types.ts'
import type { Algorithm, SigningKey } from './algorithm.ts'

/**
 * An algorithm that remembers the keys that have proved right, up to a limit: forged scopes cannot
 * flood it. The last key is found by comparing its secret and scope, older ones by a digest of both.
 */
export function verifiedKeys(algorithm: Algorithm, limit = 1024): Algorithm {
  interface Entry {
    readonly secret: string
    readonly scope: string
    readonly id: string
  }
  const keys = new Map<string, SigningKey>()
  const derived = new WeakMap<object, Entry>()
  let last: (Entry & { readonly key: SigningKey }) | undefined
  return {
    ...algorithm,
    *deriveKey(credentials, credentialScope, crypto) {
      const { accessKeyId, secretAccessKey, signingKey } = credentials as Credentials &
        DerivedCredentials
      // SigV4a derives from the key id too.
      const scope = `${accessKeyId}/${credentialScope}`
      if (signingKey) return yield* algorithm.deriveKey(credentials, credentialScope, crypto)
      if (last?.secret === secretAccessKey && last.scope === scope) return last.key
      const id = yield* wait(crypto.sha256(`${scope}\n${secretAccessKey}`))
      const key = keys.get(id) ?? (yield* algorithm.deriveKey(credentials, credentialScope, crypto))
      derived.set(key as object, { secret: secretAccessKey, scope, id })
      return key
    },
    keep(key) {
      const entry = derived.get(key as object)
      if (!entry || last?.key === key) return
      last = { ...entry, key }
      keys.set(entry.id, key)
      if (keys.size > limit) keys.delete(keys.keys().next().value as string)
    },
  }
}
