import { percentEncode, percentNormalize } from '../lib/percent.ts'

/** How a bare `+` is read: as a blank, as form decoders do, or as itself. */
export type Plus = 'space' | 'literal'

/** A query in wire spelling, as raw `name=value` parts; empty parts carry nothing and are left out. */
export const splitQuery = (query: string): string[] =>
  query.split('&').filter((part) => part !== '')

/** The raw name of a part of a query. */
export const nameOf = (part: string): string => {
  const equals = part.indexOf('=')
  return equals < 0 ? part : part.slice(0, equals)
}

/** One part of a query for names and values that are not encoded yet. */
export const queryPart = (name: string, value: string): string =>
  `${percentEncode(name)}=${percentEncode(value)}`

/** A query without the parameters in which a signature speaks of itself. */
export const withoutAuthentication = (query: string): string =>
  query
    .split('&')
    .filter(
      (part) =>
        !/^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|s3session-token|region-set)$/i.test(
          nameOf(part),
        ),
    )
    .join('&')

/**
 * The canonical query: each name and value in the one spelling, sorted by name and
 * then by value, after encoding, by code unit.
 */
export function canonicalQuery(query: string, plus: Plus = 'space'): string {
  if (query === '') return ''
  const sorted = splitQuery(query).map((part) => {
    const name = nameOf(part)
    const plain = (text: string) =>
      percentNormalize(plus === 'space' ? text.replace(/\+/g, '%20') : text)
    // A blank sorts before every encoded character, as the end of a name does.
    return `${plain(name)} ${plain(part.slice(name.length + 1))}`
  })
  return sorted.sort().join('&').replace(/ /g, '=')
}
