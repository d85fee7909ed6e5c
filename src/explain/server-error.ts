import { parseAmzDate } from '../lib/time.ts'
import type { MismatchCause } from './types.ts'

/** What a server's error body says. */
export interface ServerError {
  readonly code?: string
  readonly message?: string
  readonly canonicalRequest?: string
  readonly stringToSign?: string
  readonly serverTime?: Date
  readonly requestTime?: Date
  /** The region that the server expects. */
  readonly region?: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

const unescapeXml = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi,
    (found, decimal, hexa, name) => {
      const code = decimal ? Number(decimal) : hexa ? Number.parseInt(hexa, 16) : undefined
      if (code === undefined) return ENTITIES[String(name).toLowerCase()] ?? found
      return code <= 0x10ffff ? String.fromCodePoint(code) : found
    },
  )

/** Reads one element of an error document; not a parser. */
function element(body: string, name: string): string | undefined {
  const start = body.indexOf(`<${name}>`)
  if (start < 0) return undefined
  const end = body.indexOf(`</${name}>`, start)
  return end < 0 ? undefined : unescapeXml(body.slice(start + name.length + 2, end))
}

/** Text of S3's `…Bytes` twin, which survives what the text itself may have lost. */
function fromBytes(text: string | undefined): string | undefined {
  if (text === undefined || !/^[\da-f\s]+$/i.test(text)) return undefined
  const bytes = text
    .trim()
    .split(/\s+/)
    .map((byte) => Number.parseInt(byte, 16))
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

function readJson(body: string): { code?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null) return {}
    const fields = value as Record<string, unknown>
    const code = fields.__type ?? fields.code ?? fields.Code
    const message = fields.message ?? fields.Message
    return {
      ...(typeof code === 'string' && { code: code.replace(/^.*#/, '') }),
      ...(typeof message === 'string' && { message }),
    }
  } catch {
    return {}
  }
}

/** The two texts that API Gateway and other services quote in their message. */
function quoted(message: string, title: string): string | undefined {
  const at = message.indexOf(title)
  if (at < 0) return undefined
  const start = message.indexOf("'", at + title.length)
  if (start < 0) return undefined
  const next = message.indexOf("'\n", start + 1)
  const end = next < 0 ? message.lastIndexOf("'") : next
  return end > start ? message.slice(start + 1, end) : undefined
}

const dateOf = (text: string | undefined): Date | undefined => {
  const date = text === undefined ? undefined : (parseAmzDate(text) ?? new Date(text))
  return date && !Number.isNaN(Number(date)) ? date : undefined
}

/** Reads an error body in any of AWS's shapes; what it does not find stays open, and it never throws. */
export function readServerError(body: string): ServerError {
  const json = readJson(body)
  const code = json.code ?? element(body, 'Code')
  const message = json.message ?? element(body, 'Message') ?? element(body, 'message') ?? body
  const canonicalRequest =
    fromBytes(element(body, 'CanonicalRequestBytes')) ??
    element(body, 'CanonicalRequest') ??
    quoted(message, 'The Canonical String for this request should have been')
  const stringToSign =
    fromBytes(element(body, 'StringToSignBytes')) ??
    element(body, 'StringToSign') ??
    quoted(message, 'The String-to-Sign should have been')
  const said = /(\d{8}T\d{6}Z)[^(]{1,60}\((\d{8}T\d{6}Z) [-+]/.exec(
    message.replace(/ \d{8}T\d{6}Z \(/, ' ('),
  )
  const serverTime = dateOf(
    element(body, 'ServerTime') ?? /\((\d{8}T\d{6}Z) [-+]/.exec(message)?.[1],
  )
  const requestTime = dateOf(element(body, 'RequestTime') ?? said?.[1])
  const region = element(body, 'Region') ?? /expecting '([\w-]+)'/.exec(message)?.[1]
  return {
    ...(code !== undefined && { code }),
    ...(message !== body && { message }),
    ...(canonicalRequest !== undefined && {
      canonicalRequest: canonicalRequest.replace(/\r\n/g, '\n'),
    }),
    ...(stringToSign !== undefined && { stringToSign: stringToSign.replace(/\r\n/g, '\n') }),
    ...(serverTime && { serverTime }),
    ...(requestTime && { requestTime }),
    ...(region !== undefined && { region }),
  }
}

/** The cause that the error itself names, where it names one. */
export function causeOf({
  code = '',
  message = '',
  serverTime,
  requestTime,
}: ServerError): MismatchCause | undefined {
  if (/RequestTimeTooSkewed/.test(code) || /Signature (expired|not yet current)/.test(message)) {
    if (serverTime && requestTime) return requestTime > serverTime ? 'clock-ahead' : 'clock-behind'
    return /not yet current/.test(message) ? 'clock-ahead' : 'clock-behind'
  }
  if (/ExpiredToken/.test(code) || /security token .*expired/i.test(message)) return 'token-expired'
  if (/Request has expired/.test(message)) return 'expired'
  if (/InvalidAccessKeyId|InvalidClientTokenId/.test(code)) return 'unknown-access-key'
  if (/UnrecognizedClient/.test(code)) return 'unknown-access-key'
  if (/^InvalidToken$/.test(code)) return 'token-altered'
  if (/region.*(is wrong|expecting)|scoped to a valid region/i.test(message)) return 'wrong-region'
  if (/scoped to correct service/i.test(message)) return 'wrong-service'
  if (/XAmzContentSHA256Mismatch/.test(code)) return 'payload-altered'
  if (/MissingAuthenticationToken/.test(code)) return 'not-signed'
  if (/not signed/i.test(message) && /headers? /i.test(message)) return 'header-added'
  if (/x-amz-content-sha256/i.test(message) && /missing/i.test(message))
    return 'payload-hash-missing'
  if (/Date in Credential scope does not match/i.test(message)) return 'date-mismatch'
  if (/terminate[sd]? with|aws4_request/i.test(message) && /credential/i.test(message))
    return 'wrong-terminator'
  return undefined
}
