import { after } from '../lib/awaitable.ts'
import type { Credentials, DerivedCredentials } from '../types.ts'
import type { Algorithm, SigningKey } from './algorithm.ts'

/**
 * An algorithm that remembers the keys that have proved right, up to a limit: forged scopes cannot
 * flood it. The last key is found by comparing what it was derived from, older ones by a digest of
 * that. The last key of all is remembered proved or not, so that an unknown key id, which is checked
 * against a dummy, costs no more than a known one.
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
  let latest: Entry | undefined
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
      const isOf = (entry: Entry | undefined): entry is Entry =>
        entry?.secret === secret && entry.scope === scope && entry.id === id
      if (isOf(proved)) return proved.key
      if (isOf(latest)) return latest.key
      return after(crypto.sha256([id, scope, secret].join('\n')), (digest) =>
        after(keys.get(digest) ?? derive(), (key) => {
          latest = { id, secret, scope, digest, key }
          derived.set(key as object, latest)
          return key
        }),
      )
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
