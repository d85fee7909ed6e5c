import type { ReceivedRequest } from '../../model/verify-types.ts'
import type { Case } from '../case/case.ts'
import type { ServerError } from '../case/server-error.ts'
import { type Diagnosis, oneFault } from '../diagnosis.ts'
import { causeOfRefusal, hasFormOfSecret, timesOf } from '../search/facts.ts'
import type { MismatchCause } from '../types.ts'
import { causeOfSecret } from './secret.ts'
import { causeOfId, causeOfTime, causeOfWords, isAmbiguous } from './server-words.ts'

/** The fault that an answer names by itself, where it names one; what was sent decides where it is open. */
export function faultSaid(
  { client, reading, received }: Case,
  answer: ServerError,
): Diagnosis | undefined {
  const claim = reading?.statement.claim
  const said =
    causeOfTime(answer, claim) ??
    causeOfId(answer, claim, reading?.evidence.token) ??
    causeStated(answer, received) ??
    causeOfWords(answer)
  if (!said) return undefined
  const isSwapped =
    (client && causeOfSecret(client.key) === 'secret-swapped') ||
    hasFormOfSecret(claim?.accessKeyId ?? '')
  if (said === 'unknown-access-key' && isSwapped) return oneFault('secret-swapped')
  // A request that is signed in its header expires by its clock.
  const cause = said === 'expired' && claim?.placement === 'header' ? 'clock-behind' : said
  const { requestTime = claim?.signedAt, serverTime } = answer
  const times = requestTime && serverTime && timesOf(requestTime, serverTime)
  const certainty = cause === 'not-signed' && isAmbiguous(answer) ? 'likely' : 'certain'
  return oneFault(cause, detailOf(cause, answer, times), certainty)
}

/** The cause that the answer of a server of countersign states for programs. */
function causeStated(
  { refusal, requestTime, serverTime }: ServerError,
  received: ReceivedRequest,
): MismatchCause | undefined {
  if (!refusal) return undefined
  if (/^(chunk|trailer|checksum)-mismatch$/.test(refusal.reason)) return 'payload-altered'
  switch (refusal.reason) {
    // It is well formed here: the server reads it by another rule.
    case 'malformed-authorization':
      return 'malformed'
    case 'missing-payload-hash':
      return 'payload-hash-missing'
    case 'payload-mismatch':
      return refusal.about?.header ? 'malformed' : 'payload-altered'
    default: {
      const times = requestTime && serverTime && { request: requestTime, server: serverTime }
      return causeOfRefusal({ ...refusal, ...(times && { times }) }, received)
    }
  }
}

/** What goes with a cause: what the server expects, the two times, or a header. */
function detailOf(
  cause: MismatchCause,
  { expected, refusal }: ServerError,
  times: string | undefined,
): string | undefined {
  switch (cause) {
    case 'wrong-day':
    case 'wrong-region':
    case 'wrong-service':
    case 'wrong-terminator':
      return expected && `the server expects ${expected}`
    case 'clock-ahead':
    case 'clock-behind':
    case 'expired':
      return times
    default:
      return refusal?.about?.header
  }
}
