import { after } from '../lib/awaitable.ts'
import type { Algorithm } from '../model/types.ts'
import { importedKey } from './imported-key.ts'
import { type Derived, findKey, originOf } from './origin.ts'

/**
 * An algorithm that remembers the keys it derives, up to a limit, in the form in which they sign.
 *
 * They are found by comparing what they were derived from: a changed secret misses, and no secret
 * is ever a map key.
 */
export function cachedKeys(algorithm: Algorithm, limit = 256): Algorithm {
  let keys: readonly Derived[] = []
  return {
    ...algorithm,
    deriveKey(credentials, credentialScope, crypto) {
      const origin = originOf(credentials, credentialScope, crypto)
      const held = findKey(keys, origin)
      return held
        ? held.key
        : after(importedKey(algorithm, credentials, credentialScope, crypto), (key) => {
            keys = [{ origin, key }, ...keys].slice(0, limit)
            return key
          })
    },
  }
}
