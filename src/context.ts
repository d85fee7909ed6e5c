import { createKeyCache, type KeyCache, noKeyCache } from './algorithms/key-cache.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { formatAmzDate } from './lib/time.ts'

/** What a verb needs of the world around it: held by a signer or verifier, made anew for a single call. */
export interface Context {
  readonly crypto: CryptoBackend
  readonly keys: KeyCache
  /** The current time, corrected by what has been learnt of the server's clock. */
  now(): Date
  amzDate(date: Date): string
}

/** The context of a single call: it remembers nothing. */
export const plainContext = (crypto: CryptoBackend): Context => ({
  crypto,
  keys: noKeyCache,
  now: () => new Date(),
  amzDate: formatAmzDate,
})

/** The context that a signer or verifier holds: keys, and the date of the current second. */
export function holdingContext(crypto: CryptoBackend, now: () => Date): Context {
  let second = Number.NaN
  let text = ''
  return {
    crypto,
    keys: createKeyCache(),
    now,
    amzDate(date) {
      const current = Math.floor(Number(date) / 1000)
      if (current !== second) {
        text = formatAmzDate(date)
        second = current
      }
      return text
    },
  }
}
