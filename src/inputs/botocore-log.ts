import { EMPTY_HASH } from '../lib/bytes.ts'
import { elements } from '../lib/xml.ts'
import { objectsIn, type PrintedObject } from './literal.ts'
import type { Logged, PastedRequest, SignedTexts } from './pasted.ts'
import { readSigningLines } from './signing-lines.ts'

/** The line that begins at a place in a text. */
const lineAt = (text: string, at: number): string => text.slice(at).split('\n', 1)[0] as string

/** The header fields of a dictionary, bytes or text. */
const fieldsOf = (fields: PrintedObject | undefined): PastedRequest['headers'] =>
  Array.from(fields ?? []).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  )

/** The `AWSPreparedRequest` of a line, without its body, which is not shown. */
function requestOf(line: string): PastedRequest | undefined {
  const [all, method, url] =
    /^<AWSPreparedRequest [^,]*, method=([\w-]+), url=([^\s,]+(?:,[^\s,]+){0,99}), headers=/.exec(
      line,
    ) ?? []
  if (all === undefined || method === undefined || url === undefined) return undefined
  const [fields] = objectsIn(line.slice(all.length))
  return { method, url, headers: fieldsOf(fields) }
}

/** The body of an answer as `Response body:` has it on the next line, in Python's own spelling. */
function answerIn(text: string): string | undefined {
  const mark = 'Response body:\n'
  const at = text.lastIndexOf(mark)
  if (at < 0) return undefined
  const [read] = objectsIn(`{body: ${lineAt(text, at + mark.length)}}`).slice(-1)
  const body = read?.get('body')
  return typeof body === 'string' && body ? body : undefined
}

/** What the commands of AWS say last of what went wrong, as the document that a server would send. */
function errorIn(text: string): string | undefined {
  const at = text.lastIndexOf('An error occurred (')
  const [, code, message] =
    /^An error occurred \(([\w.]{1,200})\) when calling [^:]*: (.*)$/s.exec(
      text.slice(Math.max(at, 0)),
    ) ?? []
  return code === undefined || message === undefined
    ? undefined
    : elements({ Error: { Code: code, Message: message.trim() } })
}

/** The texts of the signature that a request carries; the last of all where none is known. */
function signedOf(
  groups: readonly SignedTexts[],
  request: PastedRequest | undefined,
): SignedTexts | undefined {
  if (!request) return groups[groups.length - 1]
  const sent = [request.url, ...request.headers.map(([, value]) => value)].join('\n')
  return groups.findLast(({ signature }) => signature !== undefined && sent.includes(signature))
}

/** The request with the hash that its body was signed by, where it has a body. */
function withPayload(request: PastedRequest, signed: SignedTexts | undefined): PastedRequest {
  const payload = signed?.canonicalRequest?.split('\n').pop()
  return payload && payload !== EMPTY_HASH ? { ...request, payload } : request
}

/**
 * Reads what `aws --debug` and botocore's logger print: the last request that was sent, what was
 * signed of it, and what came for it. Empty where it is no such text.
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-options.html
 */
export function readBotocoreLog(text: string): Logged {
  const at = text.lastIndexOf('<AWSPreparedRequest ')
  const request = at < 0 ? undefined : requestOf(lineAt(text, at))
  const signed = signedOf(readSigningLines(text), request)
  const came = text.slice(request ? at : 0)
  const answer = (request && answerIn(came)) ?? errorIn(came)
  return {
    ...(request && { request: withPayload(request, signed) }),
    ...(signed && { signed }),
    ...(answer !== undefined && { answer }),
  }
}
