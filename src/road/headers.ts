import { ensure } from '../errors.ts'
import type { HeadersInput } from '../types.ts'

/** Header fields by lower-case name, without a prototype; repeated ones are joined by `,` in order. */
export type HeaderFields = Record<string, string>

/** Header fields of a received request, by lower-case name. */
export type HeaderMap = Map<string, string>

/** Blanks as AWS wants them: none at the ends, one between words; in linear time. */
const collapse = (value: string): string =>
  value.includes(' ') || value.includes('\t')
    ? value
        .split(/[ \t]+/)
        .filter(Boolean)
        .join(' ')
    : value

/** Reads header fields in any of the shapes that `fetch` takes. */
export function readHeaders(input: HeadersInput = {}): HeaderFields {
  const fields: HeaderFields = { __proto__: null as never }
  for (const [name, values = []] of Symbol.iterator in input ? input : Object.entries(input))
    for (const value of ([] as string[]).concat(values)) {
      ensure(
        typeof value === 'string' &&
          /^[\w!#$%&'*+.^`|~-]+\n[\t -~\x80-\xff]*$/.test(`${name}\n${value}`),
        'invalid-header',
        `one line of ISO 8859-1 as ${JSON.stringify(name)}`,
      )
      const key = name.toLowerCase()
      const before = fields[key]
      fields[key] = before === undefined ? value : `${collapse(before)},${collapse(value)}`
    }
  return fields
}

/** Which headers to sign although they are left out by default, and which to leave out. */
export interface HeaderRules {
  readonly signableHeaders?: Iterable<string> | undefined
  readonly unsignableHeaders?: Iterable<string> | undefined
}

// Rewritten or added on the way (by clients, proxies and CDNs), so a signature over them would break.
const LEFT_OUT =
  /^(accept-encoding|authorization|connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/

/** Header names in lower case, with one more; each may be a list of them. */
export const lowerCase = (names?: Iterable<string>, more?: string): string[] =>
  [...(names ?? []), more].join().toLowerCase().split(/[ ,]+/)

/** Which of the headers are signed, sorted: the one list that makes both the block and `SignedHeaders`. */
export function signedHeaderNames(headers: HeaderFields, rules: HeaderRules): string[] {
  const signable = lowerCase(rules.signableHeaders, 'host')
  const unsignable = lowerCase(rules.unsignableHeaders, headers.connection)
  return Object.keys(headers)
    .filter(
      (name) => signable.includes(name) || !(LEFT_OUT.test(name) || unsignable.includes(name)),
    )
    .sort()
}

/** The canonical header block, a line each. */
export const canonicalHeaders = (headers: HeaderFields, names: readonly string[]): string =>
  names.map((name) => `${name}:${collapse(headers[name] ?? '')}\n`).join('')
