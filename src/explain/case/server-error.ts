import { readDate } from '../../lib/time.ts'
import { fromUtf8 } from '../../lib/utf8.ts'
import { textOf } from '../../lib/xml.ts'
import { parseRefusal, type RefusalFields } from '../../verify/refusal-fields.ts'

/** What a server's error body says. */
export interface ServerError {
  readonly code?: string
  /** Without the texts that it quotes. */
  readonly message: string
  readonly canonicalRequest?: string
  readonly stringToSign?: string
  readonly serverTime?: Date
  readonly requestTime?: Date
  /** Where S3 sends the client to. */
  readonly endpoint?: string
  /** The region or service that the server expects. */
  readonly expected?: string
  /** What a server that answers by `awsError` states for programs. */
  readonly refusal?: RefusalFields
}

/** Reads what `awsError` adds to an error document. */
function readRefusal(body: string): RefusalFields | undefined {
  const refusal = textOf(body, 'Refusal')
  return refusal === undefined
    ? undefined
    : parseRefusal((name) =>
        textOf(
          refusal,
          name.replace(/^./, (letter) => letter.toUpperCase()),
        ),
      )
}

/**
 * How much of an answer is read: several times what is ever said of a request, all of it quoted twice,
 * once byte by byte. What an answer holds beyond that is a stranger's.
 */
const LONGEST = 131_072

/** Text of S3's `…Bytes` twin, which survives what the text itself may have lost. */
function fromBytes(text: string | undefined): string | undefined {
  if (text === undefined || !/^[\da-f\s]+$/i.test(text)) return undefined
  const bytes = text
    .trim()
    .split(/\s+/)
    .map((byte) => Number.parseInt(byte, 16))
  return fromUtf8(Uint8Array.from(bytes))
}

interface Said {
  readonly code?: unknown
  readonly message?: unknown
  readonly refusal?: unknown
}

/** The fields of an error as API Gateway, the JSON services and the Selling Partner API name them. */
function saidOf(value: unknown): Said {
  if (typeof value !== 'object' || value === null) return {}
  const fields = value as Record<string, unknown>
  const [inner] = [fields.errors ?? fields.error ?? fields.Error].flat()
  const { code, message } = inner === undefined ? ({} as Said) : saidOf(inner)
  return {
    code: fields.__type ?? fields.code ?? fields.Code ?? code,
    message: fields.message ?? fields.Message ?? message,
    refusal: fields.refusal,
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

const unescapeJson = (text: string): string =>
  text.replace(/\\(?:u([\da-f]{4})|(.))/gi, (_, code: string | undefined, character: string) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[character] ?? character),
  )

function readJson(body: string): Partial<Pick<ServerError, 'code' | 'message' | 'refusal'>> {
  try {
    const { code, message, refusal: stated } = saidOf(JSON.parse(body))
    const refusal = parseRefusal((name) => (stated as Record<string, unknown> | undefined)?.[name])
    return {
      ...(refusal && { refusal }),
      ...(typeof code === 'string' && { code: code.replace(/^[^#]*#/, '') }),
      ...(typeof message === 'string' && { message }),
    }
  } catch {
    // Cut off, or copied out of a log: the escapes are undone where they alone make lines.
    return /\\n/.test(body) && !/should have been\n/.test(body)
      ? { message: unescapeJson(body) }
      : {}
  }
}

const CANONICAL = 'The Canonical String for this request should have been'
const TO_SIGN = 'The String-to-Sign should have been'

/** A text that API Gateway and other services quote in their message: from a ' to the last one. */
function quoted(message: string, title: string, next: string): string | undefined {
  const at = message.indexOf(title)
  if (at < 0) return undefined
  const following = message.indexOf(next, at)
  const part = message.slice(at + title.length, following < 0 ? undefined : following)
  const start = part.indexOf("'")
  const end = part.lastIndexOf("'")
  return start >= 0 && end > start ? part.slice(start + 1, end) : undefined
}

const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : readDate(text)

/** The first words of a message: what follows is quoted, or is none of AWS's. */
const wordsOf = (message: string): string =>
  (message.split(CANONICAL, 1)[0] as string).slice(0, 1000)

/** Reads an error body in any of AWS's shapes, as far as one is ever long; what it does not find stays open, and it never throws. */
export function readServerError(text: string): ServerError {
  const body = text.slice(0, LONGEST).replace(/\r\n/g, '\n')
  const json = readJson(body)
  const code = json.code ?? textOf(body, 'Code')
  const message = (
    json.message ??
    textOf(body, 'Message') ??
    textOf(body, 'message') ??
    (code === undefined ? body : '')
  ).replace(/\r\n/g, '\n')
  const words = wordsOf(message)
  const canonicalRequest =
    fromBytes(textOf(body, 'CanonicalRequestBytes')) ??
    textOf(body, 'CanonicalRequest') ??
    quoted(message, CANONICAL, TO_SIGN)
  const stringToSign =
    fromBytes(textOf(body, 'StringToSignBytes')) ??
    textOf(body, 'StringToSign') ??
    quoted(message, TO_SIGN, CANONICAL)
  const times = /(\d{8}T\d{6}Z) is \w[^(]{1,60}\((\d{8}T\d{6}Z) [-+]/.exec(words)
  const serverTime = dateOf(textOf(body, 'ServerTime') ?? times?.[2])
  const requestTime = dateOf(textOf(body, 'RequestTime') ?? times?.[1])
  // The message of a JSON answer may quote anything.
  const refusal = json.refusal ?? (json.message === undefined ? readRefusal(body) : undefined)
  const expected =
    textOf(body, 'Region') ??
    /(?:expecting|belongs to|correct service:) ["']([\w-]+)["']/.exec(words)?.[1]
  const endpoint = textOf(body, 'Endpoint')
  return {
    message: words,
    ...(code !== undefined && { code: code.slice(0, 200) }),
    ...(canonicalRequest !== undefined && {
      canonicalRequest: canonicalRequest.replace(/\r\n/g, '\n'),
    }),
    ...(stringToSign !== undefined && { stringToSign: stringToSign.replace(/\r\n/g, '\n') }),
    ...(serverTime && { serverTime }),
    ...(requestTime && { requestTime }),
    ...(expected !== undefined && { expected: expected.slice(0, 60) }),
    ...(endpoint !== undefined && { endpoint: endpoint.slice(0, 200) }),
    ...(refusal && { refusal }),
  }
}
