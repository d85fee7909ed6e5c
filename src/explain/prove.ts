import { cachedKeys } from '../algorithms/cached-keys.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { isRefused, type Refused } from '../refusal.ts'
import { type Profile, withProfile } from '../road/profile.ts'
import type { Credentials } from '../types.ts'
import { readPayloadClaim } from '../verify/payload.ts'
import { type Received, readReceived } from '../verify/received.ts'
import { readStatement, type Statement } from '../verify/statement.ts'
import type { ReceivedRequest } from '../verify-types.ts'
import { evidenceOf, partsOf } from './evidence.ts'
import { isVolatile } from './hypotheses/headers.ts'
import { bodyVariants } from './hypotheses/payload.ts'
import { type Hypothesis, hypothesesOf } from './hypotheses.ts'
import type { Parts } from './parts.ts'
import { explanationOf } from './report.ts'
import { createTrial, search } from './search.ts'
import type { ServerExplainOptions } from './sides.ts'
import type { Explanation, MismatchCause } from './types.ts'

/** Finds what a refusal does not say by itself: of the key, the token, the body, or by a search. */
export function* prove(
  request: ReceivedRequest,
  options: ServerExplainOptions,
  refused: Refused,
  platform: CryptoBackend,
): Steps<Explanation> {
  const { crypto = platform, algorithm = sigv4, plus } = options
  const received = readReceived(request, plus)
  if (isRefused(received)) return explanationOf(['malformed'], true, {})
  const statement = readStatement(received, [algorithm].flat())
  if (isRefused(statement)) return explanationOf(['malformed'], true, {})
  const { claim } = statement
  const profile = withProfile({ ...options, service: claim.scope.service })
  const answer = (yield* wait(options.credentials(claim.accessKeyId, claim))) ?? []
  const keys = [answer].flat() as Credentials[]
  const ours = refused.trace && { ours: refused.trace }

  if (refused.reason === 'unknown-access-key') {
    // A secret in place of the id is told by its form, and is not shown.
    const others = options.otherCredentials ?? []
    const known = others.some(({ secretAccessKey }) => secretAccessKey === claim.accessKeyId)
    const likely = known || /^[A-Za-z\d/+=]{40}$/.test(claim.accessKeyId)
    return explanationOf([likely ? 'secret-swapped' : 'unknown-access-key'], known || !likely, {})
  }
  if (refused.reason === 'invalid-session-token')
    return explanationOf([causeOfToken(received, profile, keys)], true, { ...ours })
  if (refused.reason === 'payload-mismatch')
    return explanationOf([yield* causeOfBody(received, crypto)], true, { ...ours })

  const line = yield* readPayloadClaim(claim, received, options, profile, crypto)
  // A missing hash is stated; what else is wrong comes out with the line that may have been signed.
  const payloadHash = isRefused(line) ? yield* wait(crypto.sha256(received.body)) : line.line
  const found = yield* provedBy(received, statement, payloadHash, profile, keys, options, crypto)
  if (found) {
    const [first] = found
    const missing: MismatchCause[] = isRefused(line) ? ['payload-hash-missing'] : []
    const causes = [...new Set([...found.map(({ cause }) => cause), ...missing])]
    return explanationOf(causes, true, { ...ours, detail: first?.detail })
  }
  if (isRefused(line)) return explanationOf(['payload-hash-missing'], true, { ...ours })
  const volatile = claim.signedHeaders.find(isVolatile)
  if (volatile) return explanationOf(['volatile-header'], false, { ...ours, detail: volatile })
  // A name that no client would use from outside tells of a proxy that did not keep the host.
  const host = received.headers.get('host') ?? ''
  const inner = /^(localhost|[\w-]+|[\d.]+|\[.*\])(:\d+)?$|\.(internal|local|svc)\b/.test(host)
  return explanationOf([inner ? 'host-changed' : 'wrong-secret'], false, { ...ours })
}

function causeOfToken(
  { headers, parameters }: Received,
  { sessionTokenName = 'x-amz-security-token' }: Profile,
  keys: readonly Credentials[],
): MismatchCause {
  const sent = headers.get(sessionTokenName) ?? parameters.get('X-Amz-Security-Token')
  if (!sent) return 'token-missing'
  return keys.some(({ sessionToken }) => sessionToken) ? 'token-altered' : 'token-unexpected'
}

/** The signature holds, and the body is not the one that its hash speaks of. */
function* causeOfBody(received: Received, crypto: CryptoBackend): Steps<MismatchCause> {
  const { headers, parameters, body } = received
  const line = headers.get('x-amz-content-sha256') ?? parameters.get('X-Amz-Content-Sha256')
  for (const [cause, variant] of bodyVariants(received))
    if ((yield* wait(crypto.sha256(variant))) === line) return cause
  return body.length === 0 ? 'payload-dropped' : 'payload-altered'
}

function* provedBy(
  received: Received,
  statement: Statement,
  payloadHash: string,
  profile: Profile,
  keys: readonly Credentials[],
  options: ServerExplainOptions,
  crypto: CryptoBackend,
): Steps<readonly Hypothesis[] | undefined> {
  const evidence = evidenceOf(received, statement, profile, options)
  const base: Parts = partsOf(received, statement, payloadHash, profile, options.plus)
  const algorithm = cachedKeys(statement.algorithm)
  const trial = createTrial(algorithm, statement.signature, options.budget ?? 5000, crypto)
  for (const { secretAccessKey: secret } of keys) {
    if (!secret) continue
    const parts = { ...base, secret }
    if (yield* trial.holds(parts)) return []
    const kinds = yield* hypothesesOf(parts, evidence, crypto)
    const found = yield* search(parts, kinds, trial)
    if (found) return found
  }
  return undefined
}
