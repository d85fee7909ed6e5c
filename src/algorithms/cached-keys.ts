import type { Steps } from '../lib/steps.ts'
import type { Algorithm, Credentials, DerivedCredentials, SigningKey } from '../types.ts'

/**
 * An algorithm that remembers the keys it derives, up to a limit.
 *
 * The last key is found by comparing its secret and scope, older ones by a digest of both: a
 * changed secret misses, and no secret is ever a map key.
 */
export function cachedKeys(algorithm: Algorithm, limit = 256): Algorithm {
  const keys = new Map<string, SigningKey>()
  let last: { secret: unknown; scope: string; key: SigningKey } | undefined
  return {
    ...algorithm,
    *deriveKey(credentials, credentialScope, crypto): Steps<SigningKey> {
      const { accessKeyId, secretAccessKey, signingKey } = credentials as Credentials &
        DerivedCredentials
      // SigV4a derives from the key id too.
      const scope = `${accessKeyId}/${credentialScope}`
      // A key at hand needs no derivation for its scope, and its bytes no digest.
      if (signingKey) return yield* algorithm.deriveKey(credentials, credentialScope, crypto)
      if (last?.secret === secretAccessKey && last.scope === scope) return last.key
      const id = (yield crypto.sha256(`${scope}\n${secretAccessKey}`)) as string
      const key = keys.get(id) ?? (yield* algorithm.deriveKey(credentials, credentialScope, crypto))
      last = { secret: secretAccessKey, scope, key }
      keys.set(id, key)
      if (keys.size > limit) keys.delete(keys.keys().next().value as string)
      return key
    },
  }
}
