import { fail } from '../errors.ts'
import type { HeadersInput } from '../types.ts'

/** Header fields by lower-case name; repeated ones are joined by `,` in order. */
export type HeaderMap = Map<string, string>

/** Blanks as AWS wants them: none at the ends, one between words; in linear time. */
const collapse = (value: string): string =>
  value
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(' ')

/** Reads header fields in any of the shapes that `fetch` takes. */
export function readHeaders(input: HeadersInput = {}, host = ''): HeaderMap {
  const headers: HeaderMap = new Map()
  for (const [name, values] of Symbol.iterator in input ? input : Object.entries(input)) {
    for (const value of [values ?? []].flat()) {
      if (
        !/^[\w!#$%&'*+.^`|~-]+$/.test(name) ||
        /[^\t -~\x80-\xff]/.test(value) ||
        typeof value !== 'string'
      )
        fail('invalid-header', `Header ${JSON.stringify(name)} must be one line of ISO 8859-1.`)
      const key = name.toLowerCase()
      const before = headers.get(key)
      headers.set(key, before === undefined ? value : `${collapse(before)},${collapse(value)}`)
    }
  }
  if (!headers.has('host')) headers.set('host', host)
  return headers
}

/** Which headers to sign although they are left out by default, and which to leave out. */
export interface HeaderRules {
  readonly signableHeaders?: Iterable<string> | undefined
  readonly unsignableHeaders?: Iterable<string> | undefined
}

// Rewritten or added on the way (by clients, proxies and CDNs), so a signature over them would break.
const LEFT_OUT =
  /^(accept-encoding|authorization|connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/

/** Header names in lower case; a name may be a list of them. */
export const lowerCase = (names: Iterable<string | undefined> = []): string[] =>
  [...names].join().toLowerCase().split(/[ ,]+/)

/** Which of the headers are signed, sorted: the one list that makes both the block and `SignedHeaders`. */
export function signedHeaderNames(headers: HeaderMap, rules: HeaderRules): string[] {
  const signable = lowerCase(rules.signableHeaders)
  const unsignable = lowerCase([...(rules.unsignableHeaders ?? []), headers.get('connection')])
  return [...headers.keys()]
    .filter(
      (name) =>
        name === 'host' ||
        signable.includes(name) ||
        !(LEFT_OUT.test(name) || unsignable.includes(name)),
    )
    .sort()
}

/** The canonical header block, a line each. */
export const canonicalHeaders = (headers: HeaderMap, names: readonly string[]): string =>
  names.map((name) => `${name}:${collapse(headers.get(name) ?? '')}\n`).join('')
