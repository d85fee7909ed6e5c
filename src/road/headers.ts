import { fail } from '../errors.ts'
import type { HeadersInput } from '../types.ts'

/** Header fields by lower-case name; repeated ones are joined by `,` in order. */
export type HeaderMap = Map<string, string>

const invalid = (name: string): never =>
  fail(
    'invalid-header',
    `Header ${JSON.stringify(name)} needs a token as its name and a string of ISO 8859-1 without CR, LF or NUL as its value.`,
  )

/** A header value without outer blanks; not by a regular expression, which would take quadratic time. */
function trimBlanks(value: string): string {
  let start = 0
  let end = value.length
  const blank = (at: number) => value[at] === ' ' || value[at] === '\t'
  while (start < end && blank(start)) start++
  while (end > start && blank(end - 1)) end--
  return value.slice(start, end)
}

/** Reads header fields in any of the shapes that `fetch` takes. */
export function readHeaders(input: HeadersInput | undefined): HeaderMap {
  const headers: HeaderMap = new Map()
  const fields = (input as Iterable<readonly [string, string]> | undefined)?.[Symbol.iterator]
    ? (input as Iterable<readonly [string, string]>)
    : Object.entries((input ?? {}) as Record<string, string | readonly string[] | undefined>)
  for (const [name, values] of fields) {
    if (values === undefined) continue
    for (const value of Array.isArray(values) ? values : [values]) {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || typeof value !== 'string') invalid(name)
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) invalid(name)
      const key = name.toLowerCase()
      const before = headers.get(key)
      const trimmed = trimBlanks(value)
      headers.set(key, before === undefined ? trimmed : `${before},${trimmed}`)
    }
  }
  return headers
}

// Rewritten or added on the way (by clients, proxies and CDNs), so a signature over them would break.
const LEFT_OUT =
  /^(accept-encoding|authorization|connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/

const lowerCase = (names: Iterable<string> | undefined): string[] =>
  Array.from(names ?? [], (name) => name.toLowerCase())

/** Which of the headers are signed, sorted: the one list that makes both the block and `SignedHeaders`. */
export function signedHeaderNames(
  headers: HeaderMap,
  signable: Iterable<string> | undefined,
  unsignable: Iterable<string> | undefined,
): string[] {
  const chosen = lowerCase(signable)
  const refused = lowerCase(unsignable)
  for (const name of (headers.get('connection') ?? '').split(',')) {
    const option = name.trim().toLowerCase()
    if (!chosen.includes(option)) refused.push(option)
  }
  return [...headers.keys()]
    .filter(
      (name) =>
        name === 'host' ||
        name === 'x-amz-date' ||
        (!refused.includes(name) && (!LEFT_OUT.test(name) || chosen.includes(name))),
    )
    .sort()
}

/** The canonical header block: runs of blanks collapsed, a line each. */
export const canonicalHeaders = (headers: HeaderMap, names: readonly string[]): string =>
  names
    .map((name) => {
      const value = headers.get(name) ?? ''
      return `${name}:${/[ \t]{2}|\t/.test(value) ? value.replace(/[ \t]+/g, ' ') : value}\n`
    })
    .join('')
