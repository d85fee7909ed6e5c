import { cachedKeys } from '../../algorithms/cached-keys.ts'
import { formatStringToSign } from '../../canonical/canonical-request.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { Refused } from '../../model/refusal.ts'
import type { SigningCredentials, Trace } from '../../model/types.ts'
import type { ServerExplainOptions } from '../case/case.ts'
import { differencesOf, stringDifferences } from '../case/differences.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import type { Tell } from '../report/explanation.ts'
import type { Explanation, MismatchCause } from '../types.ts'
import { isVolatile } from './hypotheses/headers.ts'
import { bodyVariants } from './hypotheses/payload.ts'
import { hypothesesOf, keyHypotheses } from './hypotheses.ts'
import { type Found, type Guesses, search, signatureTrial } from './search.ts'

/** Searches what gives the signature that was sent; once, however often it is asked for. */
export type Find = () => Steps<Found | undefined>

/** Makes the search of one request. */
export function finding(
  { statement, parts, evidence, keys }: Reading,
  { budget = 5000 }: ServerExplainOptions,
  crypto: CryptoBackend,
): Find {
  let sought = false
  let found: Found | undefined
  return function* (): Steps<Found | undefined> {
    if (sought) return found
    sought = true
    const kinds = yield* hypothesesOf(parts, evidence, crypto)
    const guesses = keys.map((key): Guesses => {
      const base = { ...parts, key: key as SigningCredentials }
      return { base, kinds: [...kinds, ...keyHypotheses(base, evidence)] }
    })
    const algorithm = cachedKeys(statement.algorithm)
    found = yield* search(guesses, signatureTrial(algorithm, statement.signature, budget, crypto))
    return found
  }
}

/** How parts came to be signed, stage by stage. */
export function* traceOf(
  parts: Omit<Parts, 'key'>,
  { algorithm }: Reading['statement'],
  crypto: CryptoBackend,
): Steps<Omit<Trace, 'signature'>> {
  const { amzDate, credentialScope } = parts
  const canonicalRequest = formatParts(parts)
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  return {
    canonicalRequest,
    stringToSign: formatStringToSign(algorithm.name, amzDate, credentialScope, hash),
    credentialScope,
    signedHeaders: parts.signedHeaders.split(';'),
  }
}

/** Finds what a refusal does not say by itself: of the key, the token, the body, or by a search. */
export function* prove(
  reading: Reading,
  refused: Refused,
  find: Find,
  crypto: CryptoBackend,
  tell: Tell,
): Steps<Explanation> {
  const { claim } = reading.statement
  const ours = reading.trace
  if (refused.reason === 'unknown-access-key') {
    // A secret in place of the id is told by its form, and is not shown.
    const known = reading.evidence.otherSecrets.includes(claim.accessKeyId)
    const likely = known || /^[A-Za-z\d/+=]{40}$/.test(claim.accessKeyId)
    return tell([likely ? 'secret-swapped' : 'unknown-access-key'], known || !likely, { ours })
  }
  if (refused.reason === 'invalid-session-token')
    return tell([causeOfToken(reading)], true, { ours })
  if (refused.reason === 'payload-mismatch')
    return tell([yield* causeOfBody(reading, crypto)], true, { ours })

  const found = yield* find()
  const missing: MismatchCause[] = reading.hashMissing ? ['payload-hash-missing'] : []
  if (found) {
    const theirs = yield* traceOf(found.parts, reading.statement, crypto)
    const differences = [
      ...differencesOf(ours.canonicalRequest, theirs.canonicalRequest),
      ...stringDifferences(ours.stringToSign, theirs.stringToSign),
    ]
    const causes = [...new Set([...found.mistakes.map(({ cause }) => cause), ...missing])]
    const detail = found.mistakes[0]?.detail
    return tell(causes, true, { ours, theirs, differences, detail })
  }
  if (reading.hashMissing) return tell(missing, true, { ours })
  const volatile = claim.signedHeaders.find(isVolatile)
  if (volatile) return tell(['volatile-header'], false, { ours, detail: volatile })
  // A name that no client would use from outside tells of a proxy that did not keep the host.
  const host = reading.received.fields.host ?? ''
  const inner = /^(localhost|[\w-]+|[\d.]+|\[.*\])(:\d+)?$|\.(internal|local|svc)\b/.test(host)
  return inner && reading.evidence.hosts.length === 0
    ? tell(['host-changed'], false, {
        ours,
        message:
          'The request was signed for another host than the one it arrived at, or the secret is another one, or the request was changed after it was signed.',
        detail: host,
      })
    : tell(['wrong-secret'], false, {
        ours,
        message: 'The secret is another one, or the request was changed after it was signed.',
        detail: 'no likely mistake gives this signature',
      })
}

function causeOfToken({ evidence, keys }: Reading): MismatchCause {
  if (!evidence.token) return 'token-missing'
  return keys.some(({ sessionToken }) => sessionToken) ? 'token-altered' : 'token-unexpected'
}

/** The signature holds, and the body is not the one that its hash speaks of. */
function* causeOfBody({ evidence, parts }: Reading, crypto: CryptoBackend): Steps<MismatchCause> {
  for (const [cause, variant] of bodyVariants(evidence.body))
    if ((yield* wait(crypto.sha256(variant))) === parts.payloadHash) return cause
  return evidence.body.length === 0 ? 'payload-dropped' : 'payload-altered'
}
