import { fromBase64 } from '../lib/base64.ts'
import { fail } from '../model/errors.ts'
import type { PastedRequest } from './pasted.ts'

interface PostData {
  readonly text?: unknown
  readonly encoding?: unknown
  readonly params?: readonly { readonly name: string; readonly value?: string }[]
}

interface HarRequest {
  readonly method?: unknown
  readonly url?: unknown
  readonly headers?: unknown
  readonly postData?: PostData | undefined
}

interface Har {
  readonly log?: { readonly entries?: readonly Har[] }
  readonly request?: HarRequest
}

/** A HAR entry's request, its entry, or the last one of its log. */
function requestOf(har: Har): HarRequest {
  const { log, request } = har
  const last = log?.entries?.[log.entries.length - 1]
  return last?.request ?? request ?? (har as HarRequest)
}

/** The body as it was sent: its text, its bytes in base64, or the fields of a form. */
function bodyOf({ text, encoding, params }: PostData): string | Uint8Array | undefined {
  if (typeof text === 'string' && text)
    return encoding === 'base64'
      ? (fromBase64(text.replace(/\s/g, '')) ?? fail('invalid-body', 'a HAR entry in whole base64'))
      : text
  return (
    params && new URLSearchParams(params.map(({ name, value = '' }) => [name, value])).toString()
  )
}

/**
 * Reads a request of a HAR file, as browsers and proxies save them; HTTP/2's pseudo headers are left
 * out, but for the host.
 *
 * @throws CountersignError `invalid-url` where it is none, `invalid-header`, `invalid-body`
 * @see https://w3c.github.io/web-performance/specs/HAR/Overview.html
 */
export function parseHar(text: string): PastedRequest {
  let har: Har = {}
  try {
    har = JSON.parse(text) as Har
  } catch {
    fail('invalid-url', 'a HAR entry in whole JSON')
  }
  const { method = 'GET', url, headers = [], postData } = requestOf(har)
  if (typeof url !== 'string' || typeof method !== 'string' || !Array.isArray(headers))
    return fail('invalid-url', 'a HAR entry with a method, a url and headers')
  const named = headers as { name: string; value: string }[]
  for (const { name, value } of named)
    if (typeof name !== 'string' || typeof value !== 'string')
      fail('invalid-header', 'a name and a value of each header')
  const fields = named
    .map(({ name, value }): [string, string] => [name === ':authority' ? 'host' : name, value])
    .filter(([name]) => !name.startsWith(':'))
  const body = postData && bodyOf(postData)
  return { method, url, headers: fields, ...(body ? { body } : {}) }
}
