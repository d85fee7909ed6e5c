import { fail } from '../errors.ts'
import type { PastedRequest } from './pasted.ts'

interface HarRequest {
  readonly method?: unknown
  readonly url?: unknown
  readonly headers?: unknown
  readonly postData?: { readonly text?: unknown } | undefined
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

/**
 * Reads a request of a HAR file, as browsers and proxies save them; HTTP/2's pseudo headers are left
 * out, but for the host.
 *
 * @throws CountersignError `invalid-url` where it is none
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
  const fields = (headers as { name: string; value: string }[])
    .map(({ name, value }): [string, string] => [name === ':authority' ? 'host' : name, value])
    .filter(([name]) => !name.startsWith(':'))
  const body = postData?.text
  return { method, url, headers: fields, ...(typeof body === 'string' && body ? { body } : {}) }
}
