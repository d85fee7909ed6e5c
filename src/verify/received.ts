import { type Refused, refuse } from '../refusal.ts'
import { type HeaderMap, readHeaders } from '../road/headers.ts'
import { readUrl } from '../road/url.ts'
import type { HeadersInput } from '../types.ts'
import type { ReceivedRequest } from '../verify-types.ts'

/** A received request in the spelling of the wire. */
export interface Received {
  readonly method: string
  readonly path: string
  /** Without the `?` and without a bare `+`. */
  readonly query: string
  /** The query's `X-Amz-…` parameters, decoded. */
  readonly parameters: ReadonlyMap<string, string>
  readonly headers: HeaderMap
  readonly body: Uint8Array | string
}

/** HTTP/2's pseudo headers are no header fields; `:authority` is the host. */
function* withoutPseudoHeaders(input: HeadersInput): Iterable<readonly [string, string]> {
  let authority: string | undefined
  let host: string | undefined
  for (const [name, values] of Symbol.iterator in input ? input : Object.entries(input)) {
    for (const value of [values ?? []].flat()) {
      if (name === ':authority') authority = value
      if (/^host$/i.test(name)) host = value
      if (!name.startsWith(':')) yield [name, value]
    }
  }
  if (host === undefined && authority !== undefined) yield ['host', authority]
}

/** Decodes a name or value of a query, leaving malformed escapes as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The decoded name of a part of a query. */
export const parameterName = (part: string): string => decode(part.split('=', 1)[0] as string)

/** The signature's own parameters; undefined where one comes twice, as no client says which counts. */
function readParameters(query: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>()
  const seen = new Set<string>()
  for (const part of query.split('&')) {
    const name = parameterName(part)
    if (!/^x-amz-/i.test(name)) continue
    if (seen.has(name.toLowerCase())) return undefined
    seen.add(name.toLowerCase())
    const equals = part.indexOf('=')
    parameters.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)))
  }
  return parameters
}

/** Reads what a server received; what no proper client could have sent is refused. */
export function readReceived(request: ReceivedRequest, plus = 'space'): Received | Refused {
  const { method, url, headers = {}, body = '' } = request
  const mark = `${url}?`.indexOf('?')
  const query = plus === 'literal' ? url.slice(mark).replace(/\+/g, '%2B') : url.slice(mark)
  const place = /^[a-z]+:\/\//i.test(url)
    ? ''
    : url.startsWith('/')
      ? 'http://host'
      : 'http://host/'
  try {
    const wire = readUrl(place + url.slice(0, mark) + query, {})
    const parameters = readParameters(wire.query)
    return parameters
      ? {
          method,
          path: wire.path,
          query: wire.query,
          parameters,
          headers: readHeaders(withoutPseudoHeaders(headers)),
          body,
        }
      : refuse('malformed-authorization', 'An X-Amz- parameter comes twice in the query.')
  } catch (error) {
    return refuse(
      'malformed-authorization',
      `The request cannot be read: ${error instanceof Error ? error.message : 'unknown'}`,
    )
  }
}
