import type { Steps } from '../../lib/steps.ts'
import { isoSeconds } from '../../lib/time.ts'
import { isAmbiguous } from '../../verify/path-form.ts'
import type { Case } from '../case/case.ts'
import type { Diagnosis } from '../diagnosis.ts'

/** Characters of an answer that are repeated: IAM's sentences name who may not do what to which. */
const MOST_SAID = 500

/** Seconds that AWS lets a clock be off. */
const SKEW = 900

/** A request that verify accepts, as of now, is as it should be; what may be refused of it all the same is said. */
// biome-ignore lint/correctness/useYield: a step like the others, with nothing to wait for
export function* ifItMatches(it: Case): Steps<Diagnosis | undefined> {
  return it.verdictNow.ok
    ? { faults: [], certain: true, message: reservationOf(it), advice: adviceOf(it) }
    : undefined
}

/** What is done about an answer that refuses a request for something other than its signature. */
function adviceOf({ client }: Case): string | undefined {
  if (!client?.answer) return undefined
  const { code, message } = client.answer
  return /AccessDenied|not authorized|explicit deny/i.test(`${code} ${message}`)
    ? 'Look at what the key may do: its IAM policies, the policy of the resource, and what bounds both.'
    : 'Look for another fault than the signature: the answer says nothing of it.'
}

/** Why a request whose signature holds is refused, or may be. */
function reservationOf({ client, reading, pathForm }: Case): string | undefined {
  if (!reading) return undefined
  const { statement, received, profile } = reading
  const { placement, signedAt } = statement.claim
  if (!client)
    return pathForm !== 'any' && isAmbiguous(received.path, profile)
      ? "The signature matches; verify refuses the path for its empty or dot segments or %00, unless pathForm is 'any'."
      : undefined
  if (client.answer) {
    const { code, message } = client.answer
    const words = [...new Set([code, message])].filter(Boolean).join(': ')
    const said = words
      .replace(/[^!-~]+/g, ' ')
      .trim()
      .slice(0, MOST_SAID)
    return `The signature matches what is signed here; the server answers ${said || 'without a word'}.`
  }
  const age = Math.abs(Date.now() - Number(signedAt)) / 1000
  return placement === 'header' && age > SKEW
    ? `The signature matches, and is of ${isoSeconds(signedAt)}: a server takes it within 15 minutes of that.`
    : undefined
}
