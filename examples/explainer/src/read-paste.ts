import { requestOfAnswer } from '../../../src/explain/case/request-of-answer.ts'
import { readLogged } from '../../../src/inputs/logged.ts'
import { readRequest } from '../../../src/inputs/request.ts'
import type { Sent } from './trace/model.ts'

/** What was pasted as a request: a request with its answer where it has one, or an answer alone. */
export interface Pasted {
  readonly sent?: Sent
  readonly answer?: string
}

interface HarEntry {
  readonly log?: { readonly entries?: readonly HarEntry[] }
  readonly request?: unknown
  readonly response?: { readonly content?: { readonly text?: unknown } }
}

/** JSON, where a text is some: a HAR entry (of a log, the last), or an answer. */
function jsonOf(text: string): HarEntry | undefined {
  try {
    const json = JSON.parse(text) as HarEntry
    return json.log?.entries?.at(-1) ?? json
  } catch {
    return undefined
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error(
      'The body is not text, which this page cannot draw: npx countersign explain takes it.',
    )
  }
}

/** Reads what was pasted; throws where it is nothing that can be read. */
export function readPaste(pasted: string): Pasted {
  const text = pasted.trimStart()
  // The answer has a field of its own, and may be pasted first.
  if (text === '') return {}
  const logged = readLogged(text)
  if (logged?.answer && !logged.request) return { answer: logged.answer }
  const json = text.startsWith('{') ? jsonOf(text) : undefined
  if (text.startsWith('<') || (!logged && json && !('request' in json || 'url' in json)))
    return { answer: text }
  const { method, url, headers, body: given = '', payload } = logged?.request ?? readRequest(text)
  // The page draws text: bytes that are none are refused, and not drawn as others.
  const body = typeof given === 'string' ? given : textOf(given)
  const answer = logged?.answer ?? json?.response?.content?.text
  return {
    sent: { method, url, headers, body, ...(payload !== undefined && { payload }) },
    ...(typeof answer === 'string' && { answer }),
  }
}

/** The request that an answer of S3 quotes whole, without its body. */
export function readAnswer(answer: string): Sent | undefined {
  const request = requestOfAnswer(answer)
  return request && { ...request, body: '' }
}
