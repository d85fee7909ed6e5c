import { cachedKeys } from '../algorithms/cached-keys.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { formatParameters } from '../canonical/parameters.ts'
import { type Memory, type Profile, withProfile } from '../canonical/profile.ts'
import { stampOnce } from '../canonical/scope.ts'
import { type RefreshingProvider, refreshing } from '../credentials/refreshing.ts'
import { overridden } from '../lib/overridden.ts'
import { remembered } from '../lib/remembered.ts'
import type { PresignOptions } from '../model/types.ts'

/** What a signer holds for all its calls; nothing of it is at module level. */
export interface SignerState {
  /** The options of one call: the signer's, with keys and credentials that are remembered, and a date that is now. */
  readonly using: (overrides?: Partial<PresignOptions>) => PresignOptions & Profile & Memory
  readonly provider: RefreshingProvider | undefined
  /** Milliseconds that the server's clock is ahead of ours. */
  offset: number
}

/** Makes the state of a signer. */
export function signerState(options: PresignOptions): SignerState {
  const { credentials: source, algorithm = sigv4, signingDate } = options
  const given = signingDate && new Date(signingDate)
  let second: number | undefined
  let date: Date
  // All calls of a second share one date, and so one stamp.
  const now = () => {
    const time = Date.now() + state.offset
    if (second !== Math.floor(time / 1000)) {
      second = Math.floor(time / 1000)
      date = new Date(time)
    }
    return date
  }
  const provider = typeof source === 'function' ? refreshing(source, { now }) : undefined
  const credentials = provider ? () => provider() : source
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
  const state: SignerState = {
    using: (overrides) =>
      overrides
        ? withProfile(overridden({ ...own, signingDate: filled.signingDate }, overrides))
        : filled,
    provider,
    offset: 0,
  }
  return state
}
