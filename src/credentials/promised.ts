import type { SigningCredentials } from '../model/types.ts'
import type { RefreshingProvider } from './refreshing.ts'

/**
 * A provider that remembers, and always answers by a promise, so that the clients of the AWS SDKs take
 * it too; `'fresh'`, or what those say for it, asks again whatever it holds.
 */
export type PromisedProvider<Held = SigningCredentials> = (
  want?:
    | 'fresh'
    | {
        /** Whether to ask again whatever it holds. Default: only where that ends. */
        readonly forceRefresh?: boolean
      },
) => Promise<Held>

/** A provider that remembers, in the form that the AWS SDKs take, which say beside `forceRefresh` who asks. */
export const promised =
  <Held>(provider: RefreshingProvider<Held>): PromisedProvider<Held> =>
  async (want) =>
    provider(want === 'fresh' || want?.forceRefresh ? 'fresh' : undefined)
