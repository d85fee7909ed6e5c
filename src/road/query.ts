import { percentEncode, percentNormalize } from '../lib/percent.ts'

/** How a bare `+` is read: as a blank, as form decoders do, or as itself. */
export type Plus = 'space' | 'literal'

/** One part of a query for a name and a value that are not encoded yet. */
export const queryPart = (name: string, value: string): string => `${name}=${percentEncode(value)}`

/**
 * The canonical query: each name and value in the one spelling, sorted by name and then by value,
 * after encoding, by code unit.
 */
export const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter(Boolean)
    // A blank sorts before every encoded character, as the end of a name does.
    .map((part) => part.replace(/=|$/, ' ').split(' ').map(percentNormalize).join(' '))
    .sort()
    .join('&')
    .replace(/ /g, '=')
