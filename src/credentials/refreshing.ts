import { type Awaitable, isPromise } from '../lib/awaitable.ts'
import { formatAmzDate, timeOf } from '../lib/time.ts'
import type { DerivedCredentials, SigningCredentials } from '../model/types.ts'

/** When to ask a provider again. */
export interface RefreshOptions {
  /** Seconds before the end at which new credentials are asked for. Default: 300. */
  early?: number
  /** Tells the time, by which credentials end. Default: the system clock. */
  now?: () => Date
}

/** A provider that remembers; `'fresh'`, or what the AWS SDK says for it, asks again whatever it holds. */
export type RefreshingProvider<Held = SigningCredentials> = (
  want?:
    | 'fresh'
    | {
        /** Whether to ask again whatever it holds. Default: only where that ends. */
        readonly forceRefresh?: boolean
      },
) => Awaitable<Held>

/**
 * Remembers a provider's credentials until five minutes before they expire and asks once for many
 * callers; when asking fails, the old ones serve while they live. Credentials without an
 * `expiration` are asked for each time, so that a rotated key is seen; a derived key ends with its
 * day, too.
 *
 * `createSigner` does this with the provider that it is given.
 *
 * @example
 * const provider = refreshing(assumeRole(options), { early: 60 })
 * const signed = await sign(request, { service: 's3', region: 'eu-west-1', credentials: provider })
 */
export function refreshing<Held extends SigningCredentials>(
  provider: () => Awaitable<Held>,
  { early = 300, now = () => new Date() }: RefreshOptions = {},
): RefreshingProvider<Held> {
  let held: Held | undefined
  let pending: Promise<Held> | undefined
  const lives = (seconds: number) => {
    const { expiration, scope } = (held ?? {}) as Partial<DerivedCredentials>
    const left = timeOf(expiration) - Number(now())
    return left > seconds * 1000 && (!scope || formatAmzDate(now()).startsWith(scope.date))
  }
  const heldOr = (error: unknown) => {
    if (lives(0)) return held as Held
    throw error
  }
  const hold = (credentials: Held) => {
    held = credentials
    return credentials
  }

  return (want) => {
    const isForced = want === 'fresh' || want?.forceRefresh
    if (!isForced && lives(early)) return held as Held
    if (pending) return pending
    try {
      // The AWS SDK's providers remember, too, and are asked so.
      const answer = (provider as RefreshingProvider<Held>)(
        isForced ? { forceRefresh: true } : undefined,
      )
      if (!isPromise(answer)) return hold(answer)
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
