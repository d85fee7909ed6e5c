import { cachedKeys } from './algorithms/cached-keys.ts'
import { sigv4 } from './algorithms/sigv4.ts'
import { type RefreshingProvider, refreshing } from './credentials/refreshing.ts'
import type { PresignOptions } from './types.ts'

/** What a signer holds for all its calls; nothing of it is at module level. */
export interface SignerState {
  /** The signer's options, with keys that are remembered, credentials too, and a date that is now. */
  readonly defaults: PresignOptions
  readonly provider: RefreshingProvider | undefined
  /** Milliseconds that the server's clock is ahead of ours. */
  offset: number
}

/** Makes the state of a signer. */
export function signerState(options: PresignOptions): SignerState {
  const { credentials, algorithm = sigv4 } = options
  const now = () => new Date(Date.now() + state.offset)
  const provider = typeof credentials === 'function' ? refreshing(credentials, { now }) : undefined
  const state: SignerState = {
    defaults: {
      get signingDate() {
        return now()
      },
      ...options,
      algorithm: cachedKeys(algorithm),
      ...(provider && { credentials: () => provider() }),
    },
    provider,
    offset: 0,
  }
  return state
}
