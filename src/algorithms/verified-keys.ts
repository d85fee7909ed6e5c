import { after } from '../lib/awaitable.ts'
import type { Algorithm } from '../model/types.ts'
import { importedKey } from './imported-key.ts'
import { type Derived, findKey, originOf } from './origin.ts'

/** Keys of one key id and scope that are remembered side by side: one may be in rotation. */
const BESIDE = 4

/**
 * A key id and a scope that are remembered: none of AWS's has half of that. What an expression has
 * looked at is one text, which keeps no header that a piece of it was cut from.
 */
const PLACE = /^.{1,256}$/

/**
 * An algorithm that remembers the keys that have proved right, up to a limit of key ids and scopes:
 * forged scopes cannot flood it, and no key that has proved nothing is spared its derivation.
 */
export function verifiedKeys(algorithm: Algorithm, limit = 1024): Algorithm {
  const proved = new Map<string, readonly Derived[]>()
  const unsettled = new WeakMap<object, Derived>()
  const kept = new WeakSet<object>()
  // Those of the last key id and scope, as the next are often the same.
  let last: readonly Derived[] = []
  return {
    ...algorithm,
    deriveKey(credentials, credentialScope, crypto) {
      const origin = originOf(credentials, credentialScope, crypto)
      let held = findKey(last, origin)
      if (!held) {
        last = proved.get(credentials.accessKeyId + credentialScope) ?? []
        held = findKey(last, origin)
      }
      return held
        ? held.key
        : after(importedKey(algorithm, credentials, credentialScope, crypto), (key) => {
            // A key that is no object cannot be told from its equals, and is derived each time.
            if (typeof key === 'object' && key) unsettled.set(key, { origin, key })
            return key
          })
    },
    keep(key) {
      const entry = unsettled.get(key as object)
      if (!entry) return
      const [id, scope, ...others] = entry.origin
      const place = id + scope
      if (!PLACE.test(place)) return
      unsettled.delete(key as object)
      kept.add(key as object)
      const origin = [id, place.slice(id.length), ...others] as const
      proved.set(place, [{ origin, key }, ...(proved.get(place) ?? [])].slice(0, BESIDE))
      if (proved.size > limit) proved.delete(proved.keys().next().value as string)
    },
    isKept: (key) => kept.has(key as object),
  }
}
