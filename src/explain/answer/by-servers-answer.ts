import { parseCanonicalRequest } from '../../canonical/canonical-request.ts'
import type { Steps } from '../../lib/steps.ts'
import type { Case } from '../case/case.ts'
import type { Texts } from '../case/differences.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import type { ServerError } from '../case/server-error.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { causeOfLength } from '../search/facts.ts'
import { hypothesesOf } from '../search/hypotheses.ts'
import { tryMistakes } from '../search/mistakes.ts'
import { hashTrial } from '../search/trial.ts'
import { compareWithServer } from './compare-with-server.ts'
import { faultOfCode } from './fault-of-code.ts'
import { faultSaid } from './fault-said.ts'
import { faultOfSecret } from './secret.ts'
import { isMismatch } from './server-words.ts'

/** Refusals of the request by itself, which is told better by itself than by an answer. */
const PLAIN = ['malformed-authorization', 'payload-mismatch', 'invalid-session-token']

/** What the server's own words and its canonical request explain. */
export function* byServersAnswer(it: Case): Steps<Diagnosis | undefined> {
  const { client, reading, verdict } = it
  if (!client?.answer) return undefined
  const plain = !verdict.ok && PLAIN.includes(verdict.reason)
  const said = plain ? undefined : faultSaid(it, client.answer)
  if (said || !reading) return said
  // A signature that was cut off is that of nothing, whatever the server made of it.
  if (causeOfLength(reading.statement)) return undefined
  const theirs = yield* textsOfServer(it, reading, client.answer)
  if (theirs) return yield* compareWithServer(it, client, reading, theirs)
  if (!verdict.ok) return undefined
  return isMismatch(client.answer) ? faultOfSecret(client.key) : faultOfCode(client.answer)
}

/** The server's canonical request as it says it, or as its hash in the string to sign proves it. */
function* textsOfServer(
  { bounds, crypto }: Case,
  { parts, evidence }: Reading,
  { canonicalRequest, stringToSign }: ServerError,
): Steps<Texts | undefined> {
  const quoted = stringToSign === undefined ? {} : { stringToSign }
  if (canonicalRequest !== undefined)
    return parseCanonicalRequest(canonicalRequest) && { canonicalRequest, ...quoted }
  const hash = stringToSign?.split('\n')[3]
  if (hash === undefined || bounds.isOver()) return undefined
  const base: Parts = { ...parts, key: { accessKeyId: '-', secretAccessKey: '-' } }
  const kinds = yield* hypothesesOf(base, evidence, bounds, crypto)
  const solution = yield* tryMistakes([{ base, kinds }], hashTrial(hash, bounds, crypto))
  return solution && { canonicalRequest: formatParts(solution.parts), ...quoted }
}
