import type { Algorithm } from '../model/types.ts'
import { importedKey } from './imported-key.ts'
import { type Derived, findKey, originOf } from './origin.ts'

/** Keys of one key id and scope that are remembered side by side: one may be in rotation. */
const BESIDE = 4

/**
 * An algorithm that remembers the keys that have proved right, up to a limit of key ids and scopes:
 * forged scopes cannot flood it, and no key that has proved nothing is spared its derivation.
 */
export function verifiedKeys(algorithm: Algorithm, limit = 1024): Algorithm {
  const proved = new Map<string, readonly Derived[]>()
  // Those of the last key id and scope, as the next are often the same.
  let last: readonly Derived[] = []
  return {
    ...algorithm,
    deriveKey: (...from) => importedKey(algorithm, ...from),
    heldKey(credentials, credentialScope, crypto) {
      const origin = originOf(credentials, credentialScope, crypto)
      const held = findKey(last, origin)
      if (held) return held.key
      last = proved.get(origin[0] + origin[1]) ?? []
      return findKey(last, origin)?.key
    },
    keep(key, ...from) {
      const origin = originOf(...from)
      const place = origin[0] + origin[1]
      proved.set(place, [{ origin, key }, ...(proved.get(place) ?? [])].slice(0, BESIDE))
      if (proved.size > limit) proved.delete(proved.keys().next().value as string)
    },
  }
}
