import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { type Refused, refuse } from '../refusal.ts'
import type {
  Claim,
  ReplayGuard,
  Verified,
  VerifyingCredentials,
  VerifyOptions,
} from '../verify-types.ts'
import type { PayloadClaim } from './payload.ts'
import { payloadCheck } from './payload-check.ts'
import type { Received } from './received.ts'

/** Hashes the body: what the header says of it is not believed. */
export function* checkBody(
  { body }: Received,
  { line, payload, hashed }: PayloadClaim,
  crypto: CryptoBackend,
): Steps<Refused | undefined> {
  return payload === 'verified' && !hashed && (yield* wait(crypto.sha256(body))) !== line
    ? refuse('payload-mismatch', 'The body is not the one that was signed.')
    : undefined
}

/** A full or failing store refuses, as it cannot tell that a request is new. */
function* claimOnce(guard: ReplayGuard, id: string, expiresAt: Date): Steps<boolean> {
  try {
    const answer = guard.claim(id, expiresAt)
    return yield* wait(typeof answer === 'boolean' ? answer : answer.then(Boolean, () => false))
  } catch {
    return false
  }
}

/** A request whose signature and body hold: refused still where its key has expired or it came before. */
export function* accept(
  claim: Claim,
  held: Pick<Verified, 'host' | 'payload' | 'trace'> & { credentials: VerifyingCredentials },
  { line, payload }: PayloadClaim,
  options: VerifyOptions,
  now: Date,
  crypto: CryptoBackend,
): Steps<Verified | Refused> {
  const { accessKeyId, scope, signedHeaders, placement, signedAt, expiresIn } = claim
  const { expiration } = held.credentials
  if (expiration && !(expiration > now))
    return refuse('expired-session-token', 'The session token has expired.')
  const seconds = expiresIn ?? options.maxClockSkew ?? 900
  const expiresAt = new Date(Number(signedAt) + seconds * 1000)
  if (options.replayGuard) {
    const id = yield* wait(crypto.sha256(`${accessKeyId}\n${held.trace.stringToSign}`))
    const first = yield* claimOnce(options.replayGuard, id, expiresAt)
    if (!first) return refuse('replayed', 'The request came before, or could not be recorded.')
  }
  const verified = {
    ok: true as const,
    accessKeyId,
    scope,
    host: held.host,
    signedHeaders,
    placement,
    signedAt,
    expiresAt,
    payload,
    ...(payload === 'deferred' && { payloadCheck: payloadCheck(line, crypto) }),
    trace: held.trace,
  }
  return Object.defineProperty(verified, 'credentials', { value: held.credentials }) as Verified
}
