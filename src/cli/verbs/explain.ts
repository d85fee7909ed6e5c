import { readLogged } from '../../inputs/logged.ts'
import type { Logged, PastedRequest } from '../../inputs/pasted.ts'
import { readRequest } from '../../inputs/request.ts'
import { readTranscript, type Transcript } from '../../inputs/transcript.ts'
import { fieldOf } from '../../lib/fields.ts'
import { CountersignError } from '../../model/errors.ts'
import { explainAnswer } from '../explain/answer.ts'
import { explainRequest } from '../explain/request.ts'
import { needed, notRead } from '../explain/said.ts'
import { compareSigned, explainSigned } from '../explain/signed.ts'
import { type Call, UsageError } from '../options.ts'
import { readText, requestOf } from '../request.ts'
import type { World } from '../streams.ts'

/** Whether a text is an answer, and not a request. */
const isAnswer = (text: string): boolean =>
  /^\s*(<|\{(?![\s\S]*"(request|url|log)"\s*:))/.test(text) || /Canonical String/.test(text)

function readPasted(text: string): PastedRequest {
  try {
    return readRequest(text)
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'invalid-url') throw error
    throw notRead()
  }
}

/** A pasted request, changed by the words of the call. */
const changed = (call: Call, world: World, pasted: PastedRequest): Promise<PastedRequest> =>
  requestOf(call, world, async () => pasted)

/** An answer as a server gave it, out of whatever was saved of it. */
const answerIn = (text: string): string => readLogged(text)?.answer ?? text

/** Explains what `curl -v` shows: the request, with the answer where that is shown too. */
async function explainTranscript(
  call: Call,
  world: World,
  { head, answer: shown }: Transcript,
  given: string | undefined,
): Promise<number> {
  const request = await changed(call, world, readPasted(head))
  const length = Number(fieldOf(request.headers, 'content-length') ?? 0)
  if (length > 0 && request.body === undefined)
    await needed(
      world,
      `curl -v shows no body, and ${length} bytes were sent: give them with --data @FILE.`,
    )
  const answer = given ?? shown
  if (!answer) await needed(world, 'The answer is not shown: with its body, more is known.')
  return explainRequest(call, world, request, answer)
}

/** Explains what a log shows of a call. */
async function explainLogged(
  call: Call,
  world: World,
  { request, signed, answer: shown }: Logged,
  given: string | undefined,
): Promise<number> {
  const answer = given ?? shown
  if (!request && signed) return explainSigned(call, world, signed, answer)
  if (!request) return explainAnswer(call, world, answer ?? '')
  if (!answer)
    await needed(world, 'The log shows no answer: with its body, as --error FILE, more is known.')
  return explainRequest(call, world, await changed(call, world, request), answer)
}

/** Explains what was pasted, with the answer where that was given beside it. */
async function explainPasted(
  call: Call,
  world: World,
  text: string,
  answer: string | undefined,
): Promise<number> {
  const logged = readLogged(text)
  if (logged) return explainLogged(call, world, logged, answer)
  if (isAnswer(text)) return explainAnswer(call, world, text)
  const transcript = readTranscript(text)
  if (transcript) return explainTranscript(call, world, transcript, answer)
  return explainRequest(call, world, await changed(call, world, readPasted(text)), answer)
}

/**
 * `countersign explain`: why a signature does not match, from the request with the server's answer,
 * from a request as a server received it, from a log, or from an answer alone.
 */
export async function explainVerb(call: Call, world: World): Promise<number> {
  const [errorFile, input] = [call.text('error'), call.text('input')]
  const pipe = world.stdin.isTTY ? undefined : '-'
  const error = errorFile === undefined ? undefined : await readText(errorFile, world)
  if (call.url !== undefined) {
    const request = await requestOf(call, world)
    const beside = error ?? (await readOptional(input ?? pipe, world))
    const { signed, answer } = (beside !== undefined && readLogged(beside)) || {}
    if (signed && !answer) return compareSigned(call, world, signed, request)
    return explainRequest(call, world, request, answer ?? beside)
  }
  if (input === undefined && error !== undefined) return explainAnswer(call, world, answerIn(error))
  const text = await readOptional(input ?? pipe, world)
  if (text === undefined)
    throw new UsageError('A request or an answer is needed on standard input.')
  return explainPasted(call, world, text, error === undefined ? undefined : answerIn(error))
}

/** A file's text, where one is named. */
const readOptional = async (name: string | undefined, world: World): Promise<string | undefined> =>
  name === undefined ? undefined : readText(name, world)
