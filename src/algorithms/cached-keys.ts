import { after } from '../lib/awaitable.ts'
import type { Algorithm, Credentials, DerivedCredentials, SigningKey } from '../model/types.ts'

/**
 * An algorithm that remembers the keys it derives, up to a limit.
 *
 * The last key is found by comparing what it was derived from, older ones by a digest of that: a
 * changed secret misses, and no secret is ever a map key.
 */
export function cachedKeys(algorithm: Algorithm, limit = 256): Algorithm {
  const keys = new Map<string, SigningKey>()
  let last: { id: string; secret: string; scope: string; key: SigningKey } | undefined
  return {
    ...algorithm,
    deriveKey(credentials, credentialScope, crypto) {
      const { accessKeyId, secretAccessKey, signingKey } = credentials as Credentials &
        DerivedCredentials
      const derive = () => algorithm.deriveKey(credentials, credentialScope, crypto)
      // A key at hand needs no derivation for its scope, and its bytes no digest.
      if (signingKey) return derive()
      // SigV4a derives from the key id too.
      if (
        last?.secret === secretAccessKey &&
        last.scope === credentialScope &&
        last.id === accessKeyId
      )
        return last.key
      return after(
        crypto.sha256([accessKeyId, credentialScope, secretAccessKey].join('\n')),
        (digest) =>
          after(keys.get(digest) ?? derive(), (key) => {
            last = { id: accessKeyId, secret: secretAccessKey, scope: credentialScope, key }
            keys.set(digest, key)
            if (keys.size > limit) keys.delete(keys.keys().next().value as string)
            return key
          }),
      )
    },
  }
}
