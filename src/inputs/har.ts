import { fromBase64 } from '../lib/base64.ts'
import { fail } from '../model/errors.ts'
import type { PastedRequest } from './pasted.ts'

type Members = Readonly<Record<string, unknown>>

/** The members of what JSON holds; none of what is no object. */
const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value ? (value as Members) : {}

/** A HAR entry's request, its entry, or the last one of its log. */
function requestOf(har: Members): Members {
  const { entries } = membersOf(har.log)
  const last = membersOf(Array.isArray(entries) ? entries[entries.length - 1] : undefined)
  return membersOf(last.request ?? har.request ?? har)
}

/** The names and values of a list of HAR's; undefined where it is none. */
function pairsOf(list: unknown): [name: string, value: string][] | undefined {
  if (!Array.isArray(list)) return undefined
  const pairs = list.map(membersOf).map(({ name, value = '' }) => [name, value])
  return pairs.flat().every((text) => typeof text === 'string')
    ? (pairs as [string, string][])
    : undefined
}

/** The body as it was sent: its text, its bytes in base64, or the fields of a form. */
function bodyOf({ text, encoding, params = [] }: Members): string | Uint8Array {
  if (typeof text === 'string' && text)
    return encoding === 'base64'
      ? (fromBase64(text.replace(/\s/g, '')) ?? fail('invalid-body', 'a HAR entry in whole base64'))
      : text
  const fields = pairsOf(params) ?? fail('invalid-body', 'a name and a value of each parameter')
  return new URLSearchParams(fields).toString()
}

/**
 * Reads a request of a HAR file, as browsers and proxies save them; HTTP/2's pseudo headers are left
 * out, but for the host.
 *
 * @throws CountersignError `invalid-url` where it is none, `invalid-header`, `invalid-body`
 * @see https://w3c.github.io/web-performance/specs/HAR/Overview.html
 */
export function parseHar(text: string): PastedRequest {
  let har: unknown
  try {
    har = JSON.parse(text)
  } catch {
    fail('invalid-url', 'a HAR entry in whole JSON')
  }
  const { method = 'GET', url, headers = [], postData } = requestOf(membersOf(har))
  if (typeof url !== 'string' || typeof method !== 'string')
    return fail('invalid-url', 'a HAR entry with a method and a url')
  const fields = pairsOf(headers) ?? fail('invalid-header', 'a name and a value of each header')
  const sent = fields
    .map(([name, value]): [string, string] => [name === ':authority' ? 'host' : name, value])
    .filter(([name]) => !name.startsWith(':'))
  const body = bodyOf(membersOf(postData))
  return { method, url, headers: sent, ...(body.length > 0 && { body }) }
}
