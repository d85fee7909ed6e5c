import { formatScope } from '../canonical/scope.ts'
import { tokenNameOf } from '../canonical/token-name.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { equalConstantTime } from '../lib/constant-time.ts'
import { fail } from '../model/errors.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { Credentials, DerivedCredentials, KeyScope, SigningKey } from '../model/types.ts'
import type { VerifiedScope, VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import type { Reading } from './read.ts'
import { statedIn } from './received.ts'

/** A key that may have made a signature. */
export interface Candidate {
  readonly credentials: VerifyingCredentials
  /** Its signing key, once it was tried. */
  key?: Awaitable<SigningKey>
}

/** The keys that may have made a signature; where none can, a dummy and why, as that is told after the same work. */
export interface FoundKeys {
  readonly candidates: readonly Candidate[]
  readonly refusal?: Refused
}

type Held = Credentials & Partial<DerivedCredentials>

/** A key of nobody, which is derived where there is none. */
export const DUMMY: Credentials = {
  accessKeyId: '-',
  secretAccessKey: '0000000000000000000000000000000000000000',
}

const standIn = (refusal: Refused): FoundKeys => ({
  candidates: [{ credentials: DUMMY }],
  refusal,
})

/** The first part of two scopes that differs. */
const differingPart = (held: KeyScope, { date, region, service }: VerifiedScope) =>
  held.date !== date
    ? 'date'
    : held.region !== region && held.service === service
      ? 'region'
      : 'service'

/** Asks for the keys of an access key id, and leaves out those of another session or scope. */
export const findKeys = (
  { received, statement, profile }: Reading,
  options: VerifyOptions,
  { equal = equalConstantTime }: CryptoBackend,
): Awaitable<FoundKeys> => {
  const { claim, credentialScope } = statement
  if (typeof options.credentials !== 'function')
    fail('invalid-credentials', 'credentials as a function from key id to key')
  return after(options.credentials(claim.accessKeyId, claim), (answer) => {
    // S3 Express has a session's token under its own name, and takes a role's under the usual one.
    const read = statedIn(received, claim.placement)
    const token = read(tokenNameOf(profile)) || read(tokenNameOf({})) || ''
    const candidates: Candidate[] = []
    let isKnown = false
    let other: KeyScope | undefined
    for (const held of (Array.isArray(answer) ? answer : [answer]) as (Held | undefined)[]) {
      // To the letter: what a lookup finds under another spelling, or inherits, is another key.
      if (held?.accessKeyId !== claim.accessKeyId) continue
      const { scope } = held
      if (!held.secretAccessKey && !held.signingKey)
        fail('invalid-credentials', 'secretAccessKey or signingKey from credentials')
      isKnown = true
      if (!equal(held.sessionToken ?? '', token)) continue
      if (!scope || formatScope(scope.date, scope) === credentialScope)
        candidates.push({ credentials: held })
      else other = scope
    }
    if (candidates[0]) return { candidates }
    // Compared with itself, as it takes as long as with that of a key.
    if (!isKnown && equal(token, token))
      return standIn(refuse('unknown-access-key', 'The access key id is not known.'))
    return standIn(
      other
        ? refuse('scope-mismatch', 'The key is held for another day, region or service.', {
            about: { part: differingPart(other, claim.scope) },
          })
        : refuse('invalid-session-token', 'The session token is not that of this access key id.'),
    )
  })
}
