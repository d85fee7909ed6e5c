import { sorted } from '../lib/lists.ts'
import { percentNormalize } from '../lib/percent.ts'

// What the one spelling has not: another character, an escape that is none of upper case of what is commonly
// reserved, a part that is not one name, one = and one value.
const ODD = /[^\w.~=&%-]|%(?!2[\dABCF]|3[A-F])|(^|&)(?![^=&]+=[^=&]*(&|$))/

/** A part of a query in the one spelling. */
const spell = (part: string): string =>
  part.replace(
    /([^=]*)=?(.*)/s,
    (_, name, value) => `${percentNormalize(name)}=${percentNormalize(value)}`,
  )

const nameOf = (part: string): string => part.slice(0, part.indexOf('='))

// A comparison of the parts alone would put `a-b=` before `a=`.
const isBefore = (one: string, other: string): boolean =>
  nameOf(one) === nameOf(other) ? one < other : nameOf(one) < nameOf(other)

/**
 * The canonical query: each name and value in the one spelling, sorted by name and then by value,
 * after encoding, by code unit; with parts of our own, which are in that spelling.
 */
export function canonicalQuery(query: string, own?: readonly string[]): string {
  let parts = query.split('&')
  if (ODD.test(query)) parts = parts.filter(Boolean).map(spell)
  return sorted(own ? own.concat(parts) : parts, isBefore).join('&')
}
