import { fieldsOf } from '../../lib/fields.ts'
import type { ReceivedRequest } from '../../model/verify-types.ts'
import type { MismatchCause } from '../types.ts'

/** A request as it may have been before it was damaged as a text. */
export interface Repair {
  readonly cause: MismatchCause
  readonly request: ReceivedRequest
}

const lowerSignature = (text: string): string =>
  text.replace(
    /(Signature=)([\dA-Fa-f]+)/,
    (_, name: string, value: string) => name + value.toLowerCase(),
  )

/** What undoes a damage to the URL or the Authorization header; each is verified as a whole. */
export function repairsOf(request: ReceivedRequest): Repair[] {
  const { url } = request
  const to = (cause: MismatchCause, fixed: string): Repair[] =>
    fixed === url ? [] : [{ cause, request: { ...request, url: fixed } }]
  const fields = [...fieldsOf(request.headers)]
  const lowered = fields.map(
    ([name, value]) =>
      [name, /^authorization$/i.test(name) ? lowerSignature(value) : value] as const,
  )
  const changed = lowered.some(([, value], at) => value !== fields[at]?.[1])
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
    ...to('signature-case', lowerSignature(url)),
    ...(changed
      ? [{ cause: 'signature-case' as const, request: { ...request, headers: lowered } }]
      : []),
    ...to('signature-altered', url.replace(/(X-Amz-Signature=[\da-f]{64})[^&]+/i, '$1')),
  ]
}
