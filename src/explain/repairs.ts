import type { ReceivedRequest } from '../verify-types.ts'
import type { MismatchCause } from './types.ts'

/** A request as it may have been before it was damaged as a text. */
export interface Repair {
  readonly cause: MismatchCause
  readonly request: ReceivedRequest
}

const inHeaders = (
  request: ReceivedRequest,
  change: (name: string, value: string) => string,
): ReceivedRequest => {
  const { headers = {} } = request
  const fields = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return {
    ...request,
    headers: fields.flatMap(([name, values]) =>
      [values ?? []].flat().map((value) => [name, change(name, value)] as const),
    ),
  }
}

/** What undoes a damage to the URL or the Authorization header; each is verified as a whole. */
export function repairsOf(request: ReceivedRequest): Repair[] {
  const { url } = request
  const to = (cause: MismatchCause, fixed: string): Repair[] =>
    fixed === url ? [] : [{ cause, request: { ...request, url: fixed } }]
  const lower = (text: string) =>
    text.replace(
      /(Signature=)([\dA-Fa-f]+)/,
      (_, name: string, value: string) => name + value.toLowerCase(),
    )
  return [
    ...to('query-html-escaped', url.replace(/&amp;|&#38;|&#x26;/gi, '&')),
    ...to('query-html-escaped', url.replace(/%26amp%3B|&amp%3B/gi, '&')),
    ...to('url-reencoded', url.replace(/%25([\da-f]{2})/gi, '%$1')),
    ...to('url-reencoded', url.replace(/%3D/gi, '=').replace(/%26/g, '&')),
    // A form decoder made blanks of the token's + signs.
    ...to(
      'token-altered',
      url.replace(
        /(Token=)([^&]*)/i,
        (_, name: string, value: string) => name + value.replace(/\+|%20/g, '%2B'),
      ),
    ),
    ...to('signature-case', lower(url)),
    {
      cause: 'signature-case',
      request: inHeaders(request, (name, value) =>
        /^authorization$/i.test(name) ? lower(value) : value,
      ),
    },
    ...to('signature-altered', url.replace(/(X-Amz-Signature=[\da-f]{64})[^&]+/i, '$1')),
  ]
}
