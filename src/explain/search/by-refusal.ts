import { tokenNameOf } from '../../canonical/token-name.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { whenIs } from '../../lib/interval.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { isoSeconds } from '../../lib/time.ts'
import type { Refused } from '../../model/refusal.ts'
import { statedEnd } from '../../verify/statement.ts'
import { verifyRequest } from '../../verify/verify.ts'
import type { Bounds, Case } from '../case/case.ts'
import type { Reading } from '../case/reading.ts'
import { isVersion2 } from '../case/request.ts'
import { type Diagnosis, type Fault, oneFault } from '../diagnosis.ts'
import type { MismatchCause } from '../types.ts'
import { causeOfLength, causeOfRefusal, hasFormOfSecret, timesOf } from './facts.ts'
import { bodyVariants } from './hypotheses/payload.ts'

/** What the refusal states by itself, or with one look at the keys, the token or the body. */
export function* byRefusal(it: Case): Steps<Diagnosis | undefined> {
  const { verdictNow: refused, received, reading, bounds, crypto } = it
  if (refused.ok) return undefined
  if (isVersion2(received)) return VERSION_2
  const cause = causeOfRefusal(refused, received)
  if (cause) return yield* oneFaultInTime(it, refused, cause)
  if (!reading) return undefined
  switch (refused.reason) {
    case 'unknown-access-key':
      return faultOfId(reading)
    case 'invalid-session-token':
      return faultOfToken(reading)
    case 'payload-mismatch':
      return oneFault(yield* causeOfBody(reading, bounds, crypto))
    case 'signature-mismatch': {
      const cause = causeOfLength(reading.statement)
      return cause && oneFault(cause)
    }
    default:
      return undefined
  }
}

/** Who would sign by it now is to be told by name, and not by what is missing of Version 4. */
const VERSION_2: Diagnosis = {
  faults: [
    {
      cause: 'unsupported-algorithm',
      message: 'The request is signed by Signature Version 2, which is not accepted here.',
    },
  ],
  certain: true,
}

/** A fault that a refusal states; where that is of the time alone, with what is said of the signature as of then. */
function* oneFaultInTime(
  { received, reading, options, crypto }: Case,
  refused: Refused,
  cause: MismatchCause,
): Steps<Diagnosis> {
  const fault = (reading && latenessOf(refused, reading)) ?? { cause, detail: detailOf(refused) }
  if (!refused.times || !reading) return { faults: [fault], certain: true }
  const then = { ...options, now: reading.statement.claim.signedAt }
  const again = yield* wait(verifyRequest(received, then, crypto))
  if (again.ok || again.reason !== 'signature-mismatch') return { faults: [fault], certain: true }
  const beside = 'Nor is the signature that of the request and key.'
  return { faults: [{ ...fault, beside }], certain: true }
}

/** A presigned URL that has expired, and how long ago that was. */
function latenessOf({ reason, times }: Refused, { statement }: Reading): Fault | undefined {
  const end = statedEnd(statement.claim)
  if (reason !== 'expired' || !times || !end) return undefined
  return {
    cause: 'expired',
    message: `The presigned URL expired ${whenIs(end, times.server)}.`,
    detail: `until ${isoSeconds(end)}, server ${isoSeconds(times.server)}`,
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

function faultOfToken({ evidence, keys, profile }: Reading): Diagnosis {
  const { token, tokenName } = evidence
  if (!token) return oneFault('token-missing')
  const tokens = keys.map(({ sessionToken }) => sessionToken).filter(Boolean)
  if (!tokens.includes(token))
    return oneFault(tokens.length > 0 ? 'token-altered' : 'token-unexpected')
  const message = `The session token stands in ${tokenName}, where ${tokenNameOf(profile)} is read.`
  return { faults: [{ cause: 'token-altered', message }], certain: true }
}

/** The signature holds, and the body is not the one that its hash speaks of. */
function* causeOfBody(
  { evidence, parts }: Reading,
  { isOver }: Bounds,
  crypto: CryptoBackend,
): Steps<MismatchCause> {
  for (const [cause, variant] of bodyVariants(evidence.body)) {
    if (isOver()) break
    if ((yield* wait(crypto.sha256(variant))) === parts.payloadHash) return cause
  }
  return evidence.body.length === 0 ? 'payload-dropped' : 'payload-altered'
}
