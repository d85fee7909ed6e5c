import { after } from '../lib/awaitable.ts'
import type { Algorithm } from '../model/types.ts'
import { type Derived, findKey, originOf } from './origin.ts'

/** Keys of one key id and scope that are remembered side by side, as one may be in rotation. */
const ROTATION = 4

/**
 * An algorithm that remembers the keys that have proved right, up to a limit of key ids and scopes:
 * forged scopes cannot flood it. The last key that has not proved right is remembered too, as what
 * cannot be verified is checked against a dummy, which is to cost what a known key costs.
 */
export function verifiedKeys(algorithm: Algorithm, limit = 1024): Algorithm {
  const proved = new Map<string, readonly Derived[]>()
  const derived = new WeakMap<object, Derived>()
  let last: readonly Derived[] = []
  let unproved: readonly Derived[] = []
  return {
    ...algorithm,
    deriveKey(credentials, scope, crypto) {
      const origin = originOf(credentials, scope, crypto)
      const held =
        findKey(last, origin) ??
        findKey([...(proved.get(origin[0] + scope) ?? []), ...unproved], origin)
      return held
        ? held.key
        : after(algorithm.deriveKey(credentials, scope, crypto), (key) => {
            const entry = { origin, key }
            unproved = [entry]
            // A key that is no object cannot be told from another like it, and is derived anew.
            if (typeof key === 'object' && key) derived.set(key, entry)
            return key
          })
    },
    keep(key) {
      const entry = derived.get(key as object)
      if (!entry || last[0] === entry) return
      last = [entry]
      const place = entry.origin[0] + entry.origin[1]
      const beside = proved.get(place) ?? []
      if (!findKey(beside, entry.origin)) proved.set(place, [entry, ...beside].slice(0, ROTATION))
      if (proved.size > limit) proved.delete(proved.keys().next().value as string)
    },
  }
}
