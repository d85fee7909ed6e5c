import { after } from '../lib/awaitable.ts'
import type { Algorithm, Credentials, DerivedCredentials, SigningKey } from '../model/types.ts'

/**
 * An algorithm that remembers the keys that have proved right, up to a limit: forged scopes cannot
 * flood it. The last of them is found by comparing what it was derived from, the others by a digest
 * of that. The last key that has not proved right is remembered too, as what cannot be verified is
 * checked against a dummy, which is to cost what a known key costs.
 */
export function verifiedKeys(algorithm: Algorithm, limit = 1024): Algorithm {
  interface Entry {
    readonly id: string
    readonly secret: string
    readonly scope: string
    readonly digest: string
    readonly key: SigningKey
  }
  const keys = new Map<string, SigningKey>()
  const derived = new WeakMap<object, Entry>()
  let proved: Entry | undefined
  let unproved: Entry | undefined
  return {
    ...algorithm,
    deriveKey(credentials, scope, crypto) {
      const {
        accessKeyId: id,
        secretAccessKey: secret,
        signingKey,
      } = credentials as Credentials & DerivedCredentials
      const derive = () => algorithm.deriveKey(credentials, scope, crypto)
      if (signingKey) return derive()
      // SigV4a derives from the key id too.
      if (proved?.secret === secret && proved.scope === scope && proved.id === id) return proved.key
      return after(crypto.sha256([id, scope, secret].join('\n')), (digest) => {
        const held = unproved?.digest === digest ? unproved.key : keys.get(digest)
        return after(held ?? derive(), (key) => {
          const entry = { id, secret, scope, digest, key }
          if (!keys.has(digest)) unproved = entry
          derived.set(key as object, entry)
          return key
        })
      })
    },
    keep(key) {
      if (proved?.key === key) return
      const entry = derived.get(key as object)
      if (!entry) return
      proved = entry
      keys.set(entry.digest, key)
      if (keys.size > limit) keys.delete(keys.keys().next().value as string)
    },
  }
}
