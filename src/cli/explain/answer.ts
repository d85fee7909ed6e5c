import { redact } from '../../canonical/redact.ts'
import { causeOfTime, causeOfWords } from '../../explain/answer/server-words.ts'
import { isRedacted, requestOfAnswer } from '../../explain/case/request-of-answer.ts'
import { readServerError } from '../../explain/case/server-error.ts'
import { CAUSES } from '../../explain/report/causes.ts'
import type { Finding } from '../../explain/types.ts'
import { visible } from '../../lib/visible.ts'
import { explain } from '../../verbs/async.ts'
import { lifeOf } from '../life.ts'
import { type Call, dateOf } from '../options.ts'
import { type World, writeLine } from '../streams.ts'
import { BY_HASH, judgeOf } from '../verbs/verify.ts'
import { findingSaid, needed, show } from './said.ts'

/** What an answer proves by its own code and words. */
function findingOf(text: string): Finding | undefined {
  const answer = readServerError(text)
  const cause = causeOfTime(answer, undefined) ?? causeOfWords(answer)
  if (!cause) return undefined
  const [message, advice] = CAUSES[cause]
  return findingSaid({ cause, message, advice }, 'client')
}

/** What an answer says by itself, where nothing can be signed again; without session tokens. */
function summaryOf(text: string, json: boolean): string {
  const { code, message, ...said } = readServerError(redact(text))
  const { stringToSign } = said
  const canonicalRequest = said.canonicalRequest && redact(said.canonicalRequest)
  const finding = findingOf(text)
  if (json)
    return JSON.stringify({ code, message, finding, canonicalRequest, stringToSign }, null, 2)
  const words = message.split('\n').map((line) => line.trim())
  const quoted = (title: string, text = '') =>
    text ? ['', title, ...text.split('\n').map((line) => `  ${visible(line)}`)] : []
  // Each line is ours: what the server says begins none.
  const lines = [
    visible([code ?? 'The server', words.filter(Boolean).join(' ')].filter(Boolean).join(': ')),
    ...(finding ? ['', `${finding.message} [${finding.cause}]`, `  Cure: ${finding.advice}`] : []),
    ...quoted('Canonical request that the server read:', canonicalRequest),
    ...quoted('String to sign that the server made:', stringToSign),
  ]
  return lines.join('\n')
}

const GIVE = 'give the request as it was sent with --input FILE, and the answer with --error FILE.'

/** What an answer leaves open where its own text does not give a request with its signature. */
function unprovedBy(text: string): string {
  const { canonicalRequest = '' } = readServerError(text)
  if (isRedacted(canonicalRequest))
    return `the answer leaves the session token out, so that its text proves nothing; ${GIVE}`
  return canonicalRequest
    ? `the answer does not quote the signature; ${GIVE}`
    : `the answer does not quote what the server has read; ${GIVE}`
}

/** Explains from an answer alone: what it says, and with the key at hand, what its signature proves. */
export async function explainAnswer(call: Call, world: World, text: string): Promise<number> {
  const { canonicalRequest = '' } = readServerError(text)
  const request = isRedacted(canonicalRequest) ? undefined : requestOfAnswer(text)
  let unknown = unprovedBy(text)
  const options =
    request &&
    (await judgeOf(call, world, request).catch((error: Error) => {
      unknown = error.message
    }))
  if (request && options) {
    // Who has looked at the signature had let the time pass.
    const now = dateOf(call, 'now') ?? lifeOf(request)?.signedAt
    const rules = { ...options, now, ...BY_HASH }
    return show(call, world, await explain(request, rules), 'server')
  }
  await writeLine(world.stdout, summaryOf(text, call.values.json === true))
  const known = findingOf(text)
    ? 'Whether anything else is wrong is not known'
    : 'The cause was not searched for'
  await needed(world, `${known}: ${unknown}`)
  return 1
}
