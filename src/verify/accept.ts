import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after, isPromise } from '../lib/awaitable.ts'
import { timeOf } from '../lib/time.ts'
import { type Refused, refuse } from '../model/refusal.ts'
import type { Trace } from '../model/types.ts'
import type {
  Claim,
  PayloadCheck,
  ReplayGuard,
  SignaturePlacement,
  Verified,
  VerifiedScope,
  VerifyingCredentials,
  VerifyOptions,
} from '../model/verify-types.ts'
import type { PayloadLine } from './payload.ts'
import { payloadCheck } from './payload-check.ts'
import type { Proof } from './prove.ts'
import type { Reading } from './read.ts'
import { hashBody, type Received } from './received.ts'

/** A class, so that the credentials are at hand and no log shows them; declared, the fields are set once. */
class Acceptance implements Verified {
  readonly ok = true
  declare readonly accessKeyId: string
  declare readonly scope: VerifiedScope
  declare readonly host: string
  declare readonly path: string
  declare readonly signedHeaders: readonly string[]
  declare readonly placement: SignaturePlacement
  declare readonly signedAt: Date
  declare readonly expiresAt: Date
  declare readonly payload: Verified['payload']
  declare payloadCheck?: PayloadCheck
  declare readonly trace: Trace
  readonly #credentials: VerifyingCredentials

  constructor(claim: Claim, { credentials, host, path, payload, trace }: Proof, expiresAt: Date) {
    this.accessKeyId = claim.accessKeyId
    this.scope = claim.scope
    this.host = host
    this.path = path
    this.signedHeaders = claim.signedHeaders
    this.placement = claim.placement
    this.signedAt = claim.signedAt
    this.expiresAt = expiresAt
    this.payload = payload.payload
    this.trace = trace
    this.#credentials = credentials
  }

  get credentials(): VerifyingCredentials {
    return this.#credentials
  }
}

/** Hashes the body: what the header says of it is not believed. */
const checkBody = (
  received: Received,
  { line, payload, hashed }: PayloadLine,
  crypto: CryptoBackend,
): Awaitable<Refused | undefined> =>
  payload === 'verified' && !hashed
    ? after(hashBody(received, crypto), (hash) =>
        hash === line
          ? undefined
          : refuse('payload-mismatch', 'The body is not the one that was signed.'),
      )
    : undefined

/** A store that fails is told as such: it must not look like an attack. */
const storeFailed = (cause: unknown): Refused =>
  Object.defineProperty(
    refuse('replay-store-failed', 'The request could not be recorded; try again.'),
    'cause',
    { value: cause },
  )

/** Why a guard does not let a request in, where it does not. */
const guardRefusal = (
  guard: ReplayGuard,
  id: string,
  { expiresAt, credentials }: Verified,
): Awaitable<Refused | undefined> => {
  const refusal = (first: boolean) =>
    first ? undefined : refuse('replayed', 'The request came before.')
  try {
    const answer = guard.claim(id, expiresAt, credentials.accessKeyId)
    return isPromise(answer) ? answer.then(refusal, storeFailed) : refusal(answer)
  } catch (error) {
    return storeFailed(error)
  }
}

/** A request whose signature holds: refused still where its body is another, its key has expired, or it came before. */
export const accept = (
  { received, statement: { claim } }: Reading,
  proof: Proof,
  options: VerifyOptions,
  now: number,
  crypto: CryptoBackend,
): Awaitable<Verified | Refused> =>
  after(checkBody(received, proof.payload, crypto), (wrong) => {
    if (wrong) return wrong
    if (!(timeOf(proof.credentials.expiration ?? Infinity) > now))
      return refuse('expired-session-token', 'The session token has expired.')
    const { signedAt, expiresIn } = claim
    const { replayGuard, maxClockSkew = 900 } = options
    const expiresAt = new Date(signedAt.getTime() + (expiresIn ?? maxClockSkew) * 1000)
    const verified = new Acceptance(claim, proof, expiresAt)
    const { line, payload } = proof.payload
    if (payload === 'deferred') verified.payloadCheck = payloadCheck(line, crypto)
    return replayGuard ? acceptOnce(verified, replayGuard, crypto) : verified
  })

/** The verdict for a request that may come once: it is known by the key's own id and what it signed. */
const acceptOnce = (
  verified: Verified,
  guard: ReplayGuard,
  crypto: CryptoBackend,
): Awaitable<Verified | Refused> =>
  after(
    crypto.sha256(`${verified.credentials.accessKeyId}\n${verified.trace.stringToSign}`),
    (id) => after(guardRefusal(guard, id, verified), (refusal) => refusal ?? verified),
  )
