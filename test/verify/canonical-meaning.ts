/**
 * What a received request means to AWS, read from its documentation and from nothing of countersign:
 * a verdict on any change to a request that was signed, without computing a signature. A change
 * that leaves the canonical request, the signature and what they stand for alone is no change.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import type { RefusalReason } from 'countersign'
import type { Message } from '../suite.ts'
import { sha256 as hash } from '../support/hash.ts'

/** How the service reads requests, and what the server holds and expects. */
export interface Rules {
  readonly service: string
  readonly region: string
  readonly now: Date
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
  /** S3 encodes a path once; it needs x-amz-content-sha256 and leaves presigned bodies unsigned. */
  readonly encodings: 1 | 2
  readonly normalizes: boolean
  readonly s3: boolean
  readonly tokenName: string
  /** The token is added after signing, as for IoT. */
  readonly tokenAppended: boolean
}

/** A signed request that can be read, and all that its signature stands for. */
export interface Meaning {
  readonly placement: 'header' | 'query'
  readonly accessKeyId: string
  readonly day: string
  readonly region: string
  readonly service: string
  readonly date: string
  readonly expires: string | undefined
  readonly signedHeaders: readonly string[]
  readonly headers: ReadonlyMap<string, string>
  readonly signature: string
  readonly token: string
  readonly payload: string | undefined
  readonly body: string
  /** Method, path, query and header block as they are hashed. */
  readonly canonical: string
}

/** A function that remembers what it said of a text: most changes leave most texts alone. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const value = read(text)
    known.set(text, value)
    return value
  }
}

export const sha256: (text: string) => string = remembered(hash)

/** "URI encode every byte except A-Z, a-z, 0-9, hyphen, period, underscore and tilde; letters in upper case." */
const encode = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

/** The bytes that a part of a URL stands for; a % that begins no escape stands for itself. */
function decode(text: string): Uint8Array {
  const bytes: number[] = []
  for (const [found, digits] of text.matchAll(/%([0-9A-Fa-f]{2})|./gsu))
    bytes.push(...(digits ? [Number.parseInt(digits, 16)] : Buffer.from(found)))
  return Uint8Array.from(bytes)
}

/** The one spelling; a bare + is a blank to S3 and to every form decoder. */
const spell = remembered((part) => encode(decode(part.replaceAll('+', ' '))))

/** The text of a part of a query; the signature's own is ASCII, and any other is taken as it stands. */
const textOf = remembered((part) => {
  const escaped = part.replace(/[+ ]/g, '%20')
  return /^([^%]|%[0-9A-Fa-f]{2})*$/.test(escaped) && !decode(escaped).some((byte) => byte > 127)
    ? Buffer.from(decode(escaped)).toString()
    : escaped
})

/** "Normalize URI paths according to RFC 3986": section 5.2.4, once redundant slashes are gone. */
function normalize(path: string): string {
  let input = path.replace(/\/+/g, '/')
  let output = ''
  while (input) {
    if (/^\/\.(\/|$)/.test(input)) input = `/${input.slice(3)}`
    else if (/^\/\.\.(\/|$)/.test(input)) {
      input = `/${input.slice(4)}`
      output = output.replace(/\/[^/]*$/, '')
    } else {
      const [segment = ''] = /^\/[^/]*/.exec(input) ?? []
      output += segment
      input = input.slice(segment.length)
    }
  }
  return output || '/'
}

function canonicalPath(path: string, { encodings, normalizes }: Rules): string {
  const segments = (normalizes ? normalize(path) : path).split('/')
  if (encodings === 1) return segments.map(spell).join('/')
  // What cannot stand in a URL was encoded to send it, and all of it is encoded once more.
  const sent = segments.map((segment) =>
    segment.replace(/[ "<>^`{|}]|[^!-~]/gu, (one) => encode(decode(one))),
  )
  return sent.map((segment) => encode(Buffer.from(segment))).join('/')
}

type Pair = readonly [name: string, value: string]

const pairsOf = (query: string): Pair[] =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=')
      return [name, value.join('=')]
    })

/** "Sort the parameter names by character code point"; a name without a value has an empty one. */
const canonicalQuery = (pairs: readonly Pair[]): string =>
  pairs
    .map(([name, value]) => [spell(name), spell(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : Number(x > y)) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')

/** "Remove leading and trailing spaces and convert sequential spaces to a single space"; HTTP's blanks. */
const trimmed = (value: string): string =>
  value
    .replace(/[ \t]+/g, ' ')
    .replace(/^ /, '')
    .replace(/ $/, '')

/** Fields by name; a field of the signature counts to the letter, as a parser has trimmed it. */
function headersOf(message: Message): Map<string, string> | undefined {
  const headers = new Map<string, string>()
  for (const [written, value] of message.headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(written) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      return undefined
    const name = written.toLowerCase()
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${trimmed(before)},${trimmed(value)}`)
  }
  return headers
}

/** `20150830T123600Z`, where it is a time of the calendar. */
export function timeOf(date: string): Date | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number)
  const time = new Date(Date.UTC(2000, month - 1, day, hour, minute, second))
  time.setUTCFullYear(year, month - 1, day)
  const same = time.toISOString().replace(/[-:]|\.\d+/g, '') === date
  return same ? time : undefined
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`: three fields, in any order. */
function authorizationFields(value: string): Record<string, string> | RefusalReason {
  if (!value.startsWith('AWS4-')) return 'unsupported-algorithm'
  const [Algorithm = '', ...rest] = value.split(' ')
  const parts = rest.join(' ').split(/[ ,]+/)
  const fields: Record<string, string> = { Algorithm }
  for (const part of parts) {
    const [name = '', ...text] = part.split('=')
    if (!/^(Credential|SignedHeaders|Signature)$/.test(name) || name in fields || !text.join('='))
      return 'malformed-authorization'
    fields[name] = text.join('=')
  }
  return parts.length === 3 ? fields : 'malformed-authorization'
}

const QUERY_FIELDS = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']

/** The signature's own parameters: each at the most once, and all of them there; IoT's state no life. */
function queryFields(pairs: readonly Pair[]): Record<string, string> | undefined {
  const own = pairs.map(([name, value]) => [textOf(name), textOf(value)] as const)
  const fields = QUERY_FIELDS.map((name) => [
    name,
    own.find(([written]) => written === `X-Amz-${name}`)?.[1] ?? '',
  ])
  const found = Object.fromEntries(fields.filter(([, value]) => value))
  const isOfIot = /\/iotdevicegateway\/aws4_request$/.test(found.Credential ?? '')
  const needed = isOfIot ? QUERY_FIELDS.filter((name) => name !== 'Expires') : QUERY_FIELDS
  return needed.every((name) => name in found) ? found : undefined
}

/** Reads a request by the rules of a service, or says why it is no signed request. */
export function meaningOf(message: Message, rules: Rules): Meaning | RefusalReason {
  const { method, target, body } = message
  const headers = headersOf(message)
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) return 'malformed-authorization'
  if (!headers || !/^([/?]|$)/.test(target) || /[#\\\x00-\x1f\x7f]/.test(target))
    return 'malformed-authorization'
  const [path = '', ...rest] = target.split('?')
  const pairs = pairsOf(rest.join('?'))
  const names = pairs
    .map(([name]) => textOf(name).toLowerCase())
    .filter((name) => /^x-amz-/.test(name))
  if (new Set(names).size < names.length) return 'malformed-authorization'
  const authorization = headers.get('authorization')
  const inQuery = names.some((name) => /^x-amz-(algorithm|credential|signature)$/.test(name))
  if (authorization !== undefined && inQuery) return 'malformed-authorization'
  if (authorization === undefined && !inQuery) return 'missing-authentication'
  const fields =
    authorization === undefined ? queryFields(pairs) : authorizationFields(authorization)
  if (typeof fields === 'string') return fields
  if (fields === undefined) return 'malformed-authorization'
  if (fields.Algorithm !== 'AWS4-HMAC-SHA256') return 'unsupported-algorithm'

  const placement = inQuery ? 'query' : 'header'
  const { Credential = '', SignedHeaders = '', Signature = '', Expires } = fields
  const [terminator, service = '', region = '', day = '', ...id] = Credential.split('/').reverse()
  const date = fields.Date ?? headers.get('x-amz-date') ?? ''
  const signedHeaders = SignedHeaders.split(';')
  const wellFormed =
    terminator === 'aws4_request' &&
    /^[!-~]+\n[!-~]+\n[!-~]+\n\d{8}$/.test(
      [id.reverse().join('/'), service, region, day].join('\n'),
    ) &&
    signedHeaders.every((name) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) &&
    new Set(signedHeaders).size === signedHeaders.length
  if (!wellFormed) return 'malformed-authorization'
  if (!timeOf(date)) return inQuery ? 'malformed-authorization' : 'missing-authentication'
  // A signature of another length is another one.
  if (!/^[0-9a-f]+$/.test(Signature) || (Expires !== undefined && !/^\d{1,9}$/.test(Expires)))
    return 'malformed-authorization'

  const tokenParameter = rules.tokenName.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase())
  const sent = pairs.find(([name]) => textOf(name) === tokenParameter)?.[1] ?? ''
  const presumed = rules.s3 ? (inQuery ? 'UNSIGNED-PAYLOAD' : undefined) : sha256(body)
  const payload = headers.get('x-amz-content-sha256') ?? presumed
  const left = ['X-Amz-Signature', ...(rules.tokenAppended ? [tokenParameter] : [])]
  const asked = inQuery ? pairs.filter(([name]) => !left.includes(textOf(name))) : pairs
  const block = signedHeaders
    .map((name) => `${name}:${trimmed(headers.get(name) ?? '')}\n`)
    .join('')
  return {
    ...{ placement, accessKeyId: id.join('/'), day, region, service, date, expires: Expires },
    ...{ signedHeaders, headers, signature: Signature, payload, body },
    token: inQuery ? textOf(sent) : (headers.get(rules.tokenName) ?? ''),
    canonical: [
      method,
      canonicalPath(path || '/', rules),
      canonicalQuery(asked),
      block,
      SignedHeaders,
      payload,
    ].join('\n'),
  }
}
