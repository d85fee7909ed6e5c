import { redact } from '../../canonical/redact.ts'
import { isRedacted, requestOfAnswer } from '../../explain/case/request-of-answer.ts'
import { readServerError } from '../../explain/case/server-error.ts'
import type { Explanation } from '../../explain/types.ts'
import type { PastedRequest } from '../../inputs/pasted.ts'
import { readRequest } from '../../inputs/request.ts'
import { readTranscript, type Transcript } from '../../inputs/transcript.ts'
import { fieldOf } from '../../lib/fields.ts'
import { visible } from '../../lib/visible.ts'
import { CountersignError } from '../../model/errors.ts'
import { explain } from '../../verbs/async.ts'
import { credentialsOf } from '../credentials.ts'
import { lifeOf } from '../life.ts'
import { type Call, dateOf, UsageError } from '../options.ts'
import { colored } from '../print.ts'
import { dataOf, readText, requestOf, scopeOf } from '../request.ts'
import { type World, wantsColor, writeLine } from '../streams.ts'
import { judgeOf, onWire } from './verify.ts'

/** What an answer says by itself, where nothing can be signed again; without session tokens. */
function summaryOf(text: string, json: boolean): string {
  const { code, message, ...said } = readServerError(redact(text))
  const { stringToSign } = said
  const canonicalRequest = said.canonicalRequest && redact(said.canonicalRequest)
  if (json) return JSON.stringify({ code, message, canonicalRequest, stringToSign }, null, 2)
  const words = message.split('\n').map((line) => line.trim())
  const quoted = (title: string, text = '') =>
    text ? ['', title, ...text.split('\n').map((line) => `  ${visible(line)}`)] : []
  // Each line is ours: what the server says begins none.
  const lines = [
    visible([code ?? 'The server', words.filter(Boolean).join(' ')].filter(Boolean).join(': ')),
    ...quoted('Canonical request that the server read:', canonicalRequest),
    ...quoted('String to sign that the server made:', stringToSign),
  ]
  return lines.join('\n')
}

async function show(call: Call, world: World, why: Explanation): Promise<number> {
  const { matches, cause, causes, certain, message, advice, findings, differences } = why
  const json = { matches, cause, causes, certain, message, advice, findings, differences }
  if (call.values.json) await writeLine(world.stdout, JSON.stringify(json, null, 2))
  else if (wantsColor(world.stdout, world.env)) await writeLine(world.stdout, `${why}`, colored)
  else await writeLine(world.stdout, `${why}`)
  return matches ? 0 : 1
}

/** Whether a text is an answer, and not a request. */
const isAnswer = (text: string): boolean =>
  /^\s*(<|\{(?![\s\S]*"(request|url|log)"\s*:))/.test(text) || /Canonical String/.test(text)

function readPasted(text: string): PastedRequest {
  try {
    return readRequest(text)
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'invalid-url') throw error
    throw new UsageError('Standard input holds neither a request nor an answer of AWS.')
  }
}

/** Explains from an answer alone: what it says, and with the key at hand, what its signature proves. */
async function explainAnswer(call: Call, world: World, text: string): Promise<number> {
  const { canonicalRequest = '' } = readServerError(text)
  const redacted = isRedacted(canonicalRequest)
  const request = redacted ? undefined : requestOfAnswer(text)
  let unknown = redacted
    ? 'the answer leaves the session token out, so that its text proves nothing; give the request, and it as --error FILE.'
    : 'the answer does not quote the signature; give the request, and it as --error FILE.'
  const options =
    request &&
    (await judgeOf(call, world, request).catch((error: Error) => {
      unknown = error.message
    }))
  if (request && options) {
    // An answer holds the hash of the body, and not the body: it need not be signed as a header too.
    const toleratedUnsignedHeaders = ['x-amz-content-sha256']
    // Who has looked at the signature had let the time pass.
    const now = dateOf(call, 'now') ?? lifeOf(request)?.signedAt
    const rules = { ...options, now, payload: 'deferred', toleratedUnsignedHeaders } as const
    return show(call, world, await explain(request, rules))
  }
  await writeLine(world.stdout, summaryOf(text, call.values.json === true))
  if (/canonical|signature/i.test(text))
    await writeLine(world.stderr, `The cause was not searched for: ${unknown}`)
  return 1
}

/** Explains a request: as its sender with the answer of its server, or as who has received it. */
async function explainRequest(
  call: Call,
  world: World,
  request: PastedRequest,
  serverError = '',
): Promise<number> {
  if (!serverError.trim())
    return show(call, world, await explain(onWire(request), await judgeOf(call, world, request)))
  const scope = await scopeOf(call, request.url, world)
  const credentials = await credentialsOf(call, world)
  return show(call, world, await explain(request, { ...scope, credentials, serverError }))
}

/** Explains what `curl -v` shows: the request, with the answer where that is shown too. */
async function explainTranscript(
  call: Call,
  world: World,
  { head, answer }: Transcript,
): Promise<number> {
  const pasted = readPasted(head)
  const data = await dataOf(call, world)
  const request = data === undefined ? pasted : { ...pasted, body: data }
  const length = Number(fieldOf(pasted.headers, 'content-length') ?? 0)
  if (length > 0 && data === undefined)
    await writeLine(
      world.stderr,
      `curl -v shows no body, and ${length} bytes were sent: give them with --data @FILE.`,
    )
  if (!answer)
    await writeLine(world.stderr, 'The answer is not shown: with its body, more is known.')
  return explainRequest(call, world, request, answer)
}

/**
 * `countersign explain`: why a signature does not match, from the request with the server's answer,
 * from a request as a server received it, or from an answer alone.
 */
export async function explainVerb(call: Call, world: World): Promise<number> {
  const [errorFile, input] = [call.text('error'), call.text('input')]
  const pipe = world.stdin.isTTY ? undefined : '-'
  if (call.url === undefined && input === undefined && errorFile === undefined) {
    if (!pipe) throw new UsageError('A request or an answer is needed on standard input.')
    const text = await readText(pipe, world)
    if (isAnswer(text)) return explainAnswer(call, world, text)
    const transcript = readTranscript(text)
    if (transcript) return explainTranscript(call, world, transcript)
    return explainRequest(call, world, readPasted(text))
  }
  if (call.url === undefined && input === undefined)
    return explainAnswer(call, world, await readText(errorFile as string, world))
  const request = await requestOf(call, world)
  // Behind --input FILE nobody need close standard input: the answer is in --error then.
  const answer = errorFile ?? (input === undefined ? pipe : undefined)
  const serverError = answer === undefined ? undefined : await readText(answer, world)
  return explainRequest(call, world, request, serverError)
}
