import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { Refused } from '../../model/refusal.ts'
import type { Case } from '../case/case.ts'
import type { Reading } from '../case/reading.ts'
import { type Diagnosis, oneFault } from '../diagnosis.ts'
import type { MismatchCause } from '../types.ts'
import { causeOfLength, causeOfRefusal, hasFormOfSecret, timesOf } from './facts.ts'
import { bodyVariants } from './hypotheses/payload.ts'

/** A request that verify accepts, as of now, is as it should be. */
// biome-ignore lint/correctness/useYield: a step like the others, with nothing to wait for
export function* ifItMatches({ verdictNow }: Case): Steps<Diagnosis | undefined> {
  return verdictNow.ok ? { faults: [], certain: true } : undefined
}

/** What the refusal states by itself, or with one look at the keys, the token or the body. */
export function* byRefusal(it: Case): Steps<Diagnosis | undefined> {
  const { verdictNow: refused, received, reading, crypto } = it
  if (refused.ok) return undefined
  const cause = causeOfRefusal(refused, received)
  if (cause) return oneFault(cause, detailOf(refused))
  if (!reading) return undefined
  switch (refused.reason) {
    case 'unknown-access-key':
      return faultOfId(reading)
    case 'invalid-session-token':
      return oneFault(causeOfToken(reading))
    case 'payload-mismatch':
      return oneFault(yield* causeOfBody(reading, crypto))
    case 'signature-mismatch': {
      const cause = causeOfLength(reading.statement)
      return cause && oneFault(cause)
    }
    default:
      return undefined
  }
}

/** What goes with a cause: the two times, the header, or the sentence of a refusal that has many. */
function detailOf({ reason, times, about, message }: Refused): string | undefined {
  if (times) return timesOf(times.request, times.server)
  const isSentence = [
    'malformed-authorization',
    'unsupported-algorithm',
    'scope-mismatch',
  ].includes(reason)
  return isSentence || about?.part === 'date' || reason === 'payload-mismatch'
    ? message
    : about?.header
}

/** An id that nobody knows: a secret in its place is told by its form, and is not shown. */
function faultOfId({ statement, evidence }: Reading): Diagnosis {
  const { accessKeyId } = statement.claim
  if (evidence.otherSecrets.includes(accessKeyId)) return oneFault('secret-swapped')
  return hasFormOfSecret(accessKeyId)
    ? oneFault('secret-swapped', undefined, 'likely')
    : oneFault('unknown-access-key')
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
