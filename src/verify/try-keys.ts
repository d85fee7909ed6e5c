import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after, firstOf } from '../lib/awaitable.ts'
import type { DerivedCredentials, SigningKey } from '../model/types.ts'
import type { VerifyingCredentials } from '../model/verify-types.ts'
import { type Candidate, DUMMY, type FoundKeys } from './keys.ts'
import type { Statement } from './statement.ts'

/** The signing key of a candidate: the one that was remembered, else derived when it is first tried. */
function keyOf(
  it: Candidate,
  { algorithm, credentialScope }: Statement,
  crypto: CryptoBackend,
): Awaitable<SigningKey> {
  if (!it.key) {
    it.held = algorithm.heldKey?.(it.credentials, credentialScope, crypto)
    it.key = it.held ?? algorithm.deriveKey(it.credentials, credentialScope, crypto)
  }
  return it.key
}

/** The first of the keys whose signature of a text it is. */
export const signerOf = (
  stringToSign: string,
  { candidates, refusal }: FoundKeys,
  statement: Statement,
  crypto: CryptoBackend,
): Awaitable<VerifyingCredentials | undefined> =>
  firstOf(candidates, (it) =>
    after(keyOf(it, statement, crypto), (key) => {
      const { algorithm, credentialScope, signature } = statement
      return after(matches(algorithm, key, stringToSign, signature, crypto), (holds) => {
        // A dummy proves nothing, and is not to be kept for one who knows it.
        if (!holds || refusal) return undefined
        if (!it.held) algorithm.keep?.(key, it.credentials, credentialScope, crypto)
        return it.credentials
      })
    }),
  )

/**
 * Derives as many keys as were at hand, or were not tried, before a refusal is told: its time is that of
 * fresh keys, and tells neither which ids there are nor which of them have been here.
 */
export const catchUp = (
  { candidates }: FoundKeys,
  { algorithm, credentialScope }: Statement,
  crypto: CryptoBackend,
): Awaitable<unknown> =>
  firstOf(candidates, ({ key, held, credentials }) =>
    !key || held || (credentials as DerivedCredentials).scope
      ? after(algorithm.deriveKey(DUMMY, credentialScope, crypto), () => undefined)
      : undefined,
  )
