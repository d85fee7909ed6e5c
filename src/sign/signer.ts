import { cachedKeys } from '../algorithms/cached-keys.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { type Memory, type Profile, withProfile } from '../canonical/profile.ts'
import { stampOnce } from '../canonical/scope.ts'
import { readUrl } from '../canonical/url.ts'
import { refreshing } from '../credentials/refreshing.ts'
import { overridden } from '../lib/overridden.ts'
import { remembered } from '../lib/remembered.ts'
import type { PresignOptions, UrlLike } from '../model/types.ts'

/** What a signer holds for all its calls; nothing of it is at module level. */
export interface SignerState {
  /**
   * The options of one call: the signer's, with keys and credentials that are remembered, and the time
   * of the server that is called.
   */
  readonly using: (
    overrides?: Partial<PresignOptions>,
    url?: string | UrlLike,
  ) => PresignOptions & Profile & Memory
  /** Keeps how many milliseconds a server's clock is ahead of ours; gives what was kept before. */
  readonly correct: (url: string | UrlLike, offset: number) => number
}

/** With more servers than this, what was learnt of their clocks is forgotten. */
const MOST_ORIGINS = 100

// One server's word about the time must not move what is signed for another.
const originOf = (url: string | UrlLike): string => `${readUrl(url, {}).slice(0, 2)}`

/** Makes the state of a signer. */
export function signerState(options: PresignOptions & Memory): SignerState {
  const { credentials: source, algorithm = sigv4, signingDate } = options
  const given = signingDate && new Date(signingDate)
  const offsets = new Map<string, number>()
  // All calls of a second share one date, and so one stamp.
  const dateOf = remembered((second: number) => new Date(second * 1000))
  let date: Date
  const own: PresignOptions & Memory = {
    ...options,
    algorithm: { stamp: stampOnce(), ...cachedKeys(algorithm) },
    credentials: typeof source === 'function' ? refreshing(source, { now: () => date }) : source,
    complete: new WeakSet(),
  }
  // Most calls override nothing, and so the profile is filled in once.
  const filled = withProfile(own)
  return {
    using(overrides, url) {
      const offset = (offsets.size && url && offsets.get(originOf(url))) || 0
      date = dateOf(Math.floor((Date.now() + offset) / 1000))
      own.signingDate = filled.signingDate = given ?? date
      return overrides ? withProfile(overridden(own, overrides)) : filled
    },
    correct(url, offset) {
      const before = offsets.get(originOf(url)) ?? 0
      if (offsets.size > MOST_ORIGINS) offsets.clear()
      offsets.set(originOf(url), offset)
      return before
    },
  }
}
