import { type Context, holdingContext } from './context.ts'
import { type RefreshingProvider, refreshing } from './credentials/refreshing.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import type { PresignOptions } from './types.ts'

/** What a signer holds for all its calls: its defaults, its keys, its credentials and its clock. */
export interface SignerState {
  readonly context: Context
  readonly defaults: PresignOptions
  /** Asks for credentials, where a provider was given. */
  readonly provider: RefreshingProvider | undefined
  /** Milliseconds that the server's clock is ahead of ours. */
  offset: number
}

/** Makes the state of a signer; nothing of it is at module level. */
export function signerState(options: PresignOptions, crypto: CryptoBackend): SignerState {
  const { credentials } = options
  const now = () => new Date(Date.now() + state.offset)
  const provider = typeof credentials === 'function' ? refreshing(credentials, { now }) : undefined
  const state: SignerState = {
    context: holdingContext(crypto, now),
    defaults: provider ? { ...options, credentials: () => provider() } : options,
    provider,
    offset: 0,
  }
  return state
}
