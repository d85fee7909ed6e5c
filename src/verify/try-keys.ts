import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after, firstOf } from '../lib/awaitable.ts'
import type { DerivedCredentials } from '../model/types.ts'
import type { VerifyingCredentials } from '../model/verify-types.ts'
import { DUMMY, type FoundKeys } from './keys.ts'
import type { Statement } from './statement.ts'

/** The first of the keys whose signature of a text it is; each is derived when it is first tried. */
export const signerOf = (
  stringToSign: string,
  { candidates, refusal }: FoundKeys,
  { algorithm, credentialScope, signature }: Statement,
  crypto: CryptoBackend,
): Awaitable<VerifyingCredentials | undefined> =>
  firstOf(candidates, (it) => {
    it.key ??= algorithm.deriveKey(it.credentials, credentialScope, crypto)
    return after(it.key, (key) =>
      after(matches(algorithm, key, stringToSign, signature, crypto), (holds) => {
        // A dummy proves nothing, and is not to be kept for one who knows it.
        if (!holds || refusal) return undefined
        algorithm.keep?.(key)
        return it.credentials
      }),
    )
  })

/**
 * Derives as many keys as were at hand, or were not tried, before a refusal is told: its time is that of
 * fresh keys, and tells neither which ids there are nor which of them have been here.
 */
export const catchUp = (
  { candidates }: FoundKeys,
  { algorithm, credentialScope }: Statement,
  crypto: CryptoBackend,
): Awaitable<unknown> =>
  firstOf(candidates, ({ key, credentials }) =>
    !key || (credentials as DerivedCredentials).scope || algorithm.isKept?.(key)
      ? after(algorithm.deriveKey(DUMMY, credentialScope, crypto), () => undefined)
      : undefined,
  )
