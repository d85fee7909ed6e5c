import { sorted } from '../lib/lists.ts'
import { fail } from '../model/errors.ts'
import type { HeadersInput } from '../model/types.ts'

/** Header fields by lower-case name; repeated ones are joined by `,` in order. */
export type HeaderFields = Record<string, string>

/** Blanks as AWS wants them: none at the ends, one between words; in linear time. */
const collapse = (value: string): string =>
  value.includes(' ') || value.includes('\t')
    ? value
        .split(/[ \t]+/)
        .filter(Boolean)
        .join(' ')
    : value

/** Reads header fields in any of the shapes that `fetch` takes, in linear time. */
export function readHeaders(
  input: HeadersInput = {},
  // One line of ISO 8859-1, as `fetch` sends it.
  isValue: (value: string) => boolean = (value) => !/[^\t -~\x80-\xff]/.test(value),
): HeaderFields {
  const fields: HeaderFields = {}
  let repeated: HeaderFields | undefined
  const add = (name: string, value: string) => {
    if (
      typeof value !== 'string' ||
      !/^(?!__proto__$)[\w!#$%&'*+.^`|~-]+$/.test(name) ||
      !isValue(value)
    )
      fail('invalid-header', `a line of Latin-1 as "${name}"`)
    const key = name.toLowerCase()
    if (typeof fields[key] === 'string') {
      repeated ??= { __proto__: null as never }
      value = repeated[key] =
        `${repeated[key] ?? collapse(fields[key] as string)},${collapse(value)}`
    }
    fields[key] = value
  }
  // One value is the rule, and a list of it would cost more than reading it.
  for (const [name, values] of Symbol.iterator in input ? input : Object.entries(input))
    if (Array.isArray(values)) for (const value of values) add(name, value)
    else if (values !== undefined) add(name, values as string)
  return fields
}

/** Which headers to sign although they are left out by default, and which to leave out. */
export interface HeaderRules {
  readonly signableHeaders?: Iterable<string> | undefined
  readonly unsignableHeaders?: Iterable<string> | undefined
}

// Clients, proxies and CDNs rewrite or add these on the way, and a signature over them would break.
const LEFT_OUT =
  /^((accept|transfer)-encoding|authorization|connection|content-length|expect|keep-alive|proxy-.*|sec-.*|te|trailer|upgrade|user-agent|x-amzn-trace-id)$/

/** Header names in lower case; each may be a list of them. */
export const nameList = (names: Iterable<string>): readonly string[] =>
  [...names].join().toLowerCase().split(/[ ,]+/)

/** Whether a header is named by a list, or by a name of it that ends in `*`. */
export const isListed = (
  names: readonly string[] | undefined,
  header: string,
): boolean | undefined =>
  names?.some((name) => name === header || name === `${header.slice(0, name.length - 1)}*`)

/** Which of the headers are signed, sorted: the one list that makes both the block and `SignedHeaders`. */
export function signedHeaderNames(
  headers: HeaderFields,
  { signableHeaders, unsignableHeaders }: HeaderRules,
): string[] {
  const signable = signableHeaders && nameList(signableHeaders)
  const unsignable = unsignableHeaders && nameList(unsignableHeaders)
  // A list of a stranger's is looked up in one step, however long it is.
  const hops = headers.connection ? new Set(nameList([headers.connection])) : undefined
  const names = ['host']
  for (const name in headers)
    if (
      name !== 'host' &&
      (isListed(signable, name) ||
        !(LEFT_OUT.test(name) || isListed(unsignable, name) || hops?.has(name)))
    )
      names.push(name)
  return sorted(names)
}

/** The canonical header block, a line each; what is signed and not among the headers is the host. */
export function canonicalHeaders(
  headers: HeaderFields,
  names: readonly string[],
  host: string,
): string {
  let lines = ''
  for (const name of names) lines += `${name}:${collapse(headers[name] ?? host)}\n`
  return lines
}
