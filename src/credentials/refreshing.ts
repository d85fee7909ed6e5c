import type { Awaitable } from '../lib/steps.ts'
import type { CredentialsProvider, SigningCredentials } from '../types.ts'

/** When to ask a provider again. */
export interface RefreshOptions {
  /** Seconds before the end at which new credentials are asked for. Default: 300. */
  early?: number
  /** Default: the system clock. */
  now?: () => Date
}

/** A provider that remembers; `'fresh'` asks again whatever it holds. */
export type RefreshingProvider = (want?: 'fresh') => Awaitable<SigningCredentials>

/**
 * Remembers a provider's credentials until five minutes before they expire and asks once for many
 * callers; when asking fails, the old ones serve while they live. Credentials without an
 * `expiration` are asked for each time, so that a rotated key is seen.
 */
export function refreshing(
  provider: CredentialsProvider,
  { early = 300, now = () => new Date() }: RefreshOptions = {},
): RefreshingProvider {
  let held: SigningCredentials | undefined
  let pending: Promise<SigningCredentials> | undefined
  const lives = (seconds: number) =>
    held?.expiration && Number(held.expiration) - Number(now()) > seconds * 1000
  const heldOr = (error: unknown): SigningCredentials => {
    if (held && lives(0)) return held
    throw error
  }
  const hold = (credentials: SigningCredentials) => {
    held = credentials
    return credentials
  }

  return (want) => {
    if (held && want !== 'fresh' && lives(early)) return held
    if (pending) return pending
    try {
      const answer = provider()
      if (!('then' in answer)) return hold(answer)
      pending = Promise.resolve(answer)
        .then(hold, heldOr)
        .finally(() => {
          pending = undefined
        })
      return pending
    } catch (error) {
      return heldOr(error)
    }
  }
}
