import { fieldOf, parseField } from '../lib/fields.ts'
import { fail } from '../model/errors.ts'
import type { PastedRequest } from './pasted.ts'

/** A scheme that a message does not tell: that of AWS, but for hosts of one's own machine. */
const schemeOf = (host: string): string =>
  /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)(:\d+)?$/.test(host) ? 'http' : 'https'

/**
 * Reads an HTTP message: a request line, header fields, an empty line, the body. The body ends with
 * the text, but for the one line end that an editor adds behind a `content-length`.
 *
 * @throws CountersignError `invalid-url` without a Host field
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-2.1
 */
export function parseRawRequest(text: string): PastedRequest | undefined {
  const [, head = '', , body] = /^(.*?)(?:(\r?\n)\r?\n(.*))?$/s.exec(text) ?? []
  const [first = '', ...lines] = head.split(/\r?\n/)
  const [, method, target] = /^([A-Z][A-Z-]*) (\S+)(?: HTTP\/[\d.]+)?\s*$/.exec(first) ?? []
  if (method === undefined || target === undefined) return undefined

  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers[headers.length - 1]
    const own = parseField(line)
    // A folded line goes on with the one before it (RFC 9112 section 5.2).
    if (/^[ \t]/.test(line) && last) last[1] += ` ${line.trim()}`
    else if (own) headers.push([...own])
  }
  const field = (name: string) => fieldOf(headers, name)
  const host = field('host') ?? field(':authority') ?? ''
  const absolute = /^[a-z]+:\/\//i.test(target)
  if (!absolute && !host) fail('invalid-url', 'a message with a Host field')
  const url = absolute ? target : `${schemeOf(host)}://${host}${target}`
  const length = Number(field('content-length') ?? Number.NaN)
  const bytes = body === undefined ? 0 : new TextEncoder().encode(body).length
  const ended = body?.replace(/\r?\n$/, '')
  const own = bytes > length && ended !== undefined ? ended : body
  return { method, url, headers, ...(own ? { body: own } : {}) }
}
