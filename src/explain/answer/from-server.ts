import type { CryptoBackend } from '../../crypto/backend.ts'
import type { Steps } from '../../lib/steps.ts'
import type { SigningCredentials } from '../../model/types.ts'
import type { Claim } from '../../model/verify-types.ts'
import type { ServerExplainOptions } from '../case/case.ts'
import { formatParts, type Parts, parseParts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import type { ServerError } from '../case/server-error.ts'
import type { Tell } from '../report/explanation.ts'
import { timesOf } from '../search/facts.ts'
import { hypothesesOf } from '../search/hypotheses.ts'
import { hashTrial, search } from '../search/search.ts'
import type { Explanation } from '../types.ts'
import { type ClientSide, causeOfSecret, compared, type ServerTrace } from './compared.ts'
import { causeOfWords, isMismatch } from './server-words.ts'

/** Whether a secret stands in place of the id. */
const isSwapped = (key: SigningCredentials, claim: Claim | undefined): boolean =>
  causeOfSecret(key) === 'secret-swapped' || /^[A-Za-z\d/+=]{40}$/.test(claim?.accessKeyId ?? '')

/** What the server's own words and its canonical request explain. */
export function* explainFromServer(
  side: ClientSide,
  error: ServerError,
  crypto: CryptoBackend,
  tell: Tell,
): Steps<Explanation | undefined> {
  const { reading, result, key } = side
  const claim = reading?.statement.claim
  const said = causeOfWords(error, claim, reading?.evidence.token)
  const ours = reading?.trace
  // What is wrong with the request itself is told better by itself.
  const plain = !result.ok && /^(malformed|payload-mis|invalid-session)/.test(result.reason)
  if (said && !plain) {
    const swapped = said === 'unknown-access-key' && isSwapped(key, claim)
    const { requestTime = claim?.signedAt, serverTime, expected, message } = error
    const times = requestTime && serverTime && timesOf(requestTime, serverTime)
    const ofScope = expected && `the server expects ${expected}`
    // API Gateway says so too of a path that it does not have.
    const certain = said !== 'not-signed' || !/Missing Authentication Token/.test(message)
    return tell([swapped ? 'secret-swapped' : said], certain, {
      ours,
      detail: /^wrong-/.test(said) ? ofScope : /^(clock|expired)/.test(said) ? times : undefined,
    })
  }
  if (!reading) return undefined
  const server = yield* canonicalOf(reading, error, side.options, crypto)
  if (server) return yield* compared(side, reading, server, crypto, tell)
  return result.ok && isMismatch(error)
    ? tell([causeOfSecret(key)], causeOfSecret(key) !== 'wrong-secret', {
        ours,
        detail: 'the signature is that of the request and secret that are at hand',
      })
    : undefined
}

/** The server's canonical request as it says it, or as its hash in the string to sign proves it. */
function* canonicalOf(
  reading: Reading,
  { canonicalRequest, stringToSign }: ServerError,
  { budget = 5000 }: ServerExplainOptions,
  crypto: CryptoBackend,
): Steps<ServerTrace | undefined> {
  const told = stringToSign !== undefined && { stringToSign }
  if (canonicalRequest !== undefined)
    return parseParts(canonicalRequest) && { canonicalRequest, ...told }
  const hash = stringToSign?.split('\n')[3]
  if (!told || hash === undefined) return undefined
  const base: Parts = { ...reading.parts, key: { accessKeyId: '-', secretAccessKey: '-' } }
  const kinds = yield* hypothesesOf(base, reading.evidence, crypto)
  const found = yield* search([{ base, kinds }], hashTrial(hash, budget, crypto))
  return found && { canonicalRequest: formatParts(found.parts), ...told }
}
