import { cachedKeys } from '../algorithms/cached-keys.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { formatParameters } from '../canonical/parameters.ts'
import { type Memory, type Profile, withProfile } from '../canonical/profile.ts'
import { stampOnce } from '../canonical/scope.ts'
import { refreshing } from '../credentials/refreshing.ts'
import { overridden } from '../lib/overridden.ts'
import { remembered } from '../lib/remembered.ts'
import type { PresignOptions, UrlLike } from '../model/types.ts'
import { type ServerClock, serverClock } from './clock.ts'

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
  readonly correct: ServerClock['correct']
}

/** Makes the state of a signer. */
export function signerState(options: PresignOptions): SignerState {
  const { credentials: source, algorithm = sigv4, signingDate } = options
  const given = signingDate && new Date(signingDate)
  const { now, turnTo, correct } = serverClock()
  const credentials = typeof source === 'function' ? refreshing(source, { now }) : source
  const own: PresignOptions & Memory = {
    ...options,
    algorithm: cachedKeys(algorithm),
    credentials,
    complete: new WeakSet(),
    parameters: remembered(formatParameters),
  }
  // Most calls override nothing, and so the profile is filled in once.
  const filled = {
    ...withProfile(own),
    stamp: stampOnce(),
    get signingDate() {
      return given ?? now()
    },
  }
  return {
    using(overrides, url) {
      turnTo(url)
      return overrides
        ? withProfile(overridden({ ...own, signingDate: filled.signingDate }, overrides))
        : filled
    },
    correct,
  }
}
