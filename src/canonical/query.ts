import { sorted } from '../lib/lists.ts'
import { percentNormalize } from '../lib/percent.ts'

// A query that has only to be sorted: no escape but upper-case ones of what is commonly reserved.
const CANONICAL =
  /^(?:(?:[\w.~-]|%(?:2[\dABCF]|3[A-F]))+=(?:[\w.~-]|%(?:2[\dABCF]|3[A-F]))*(?:&(?!$)|$))+$/

/** A part of a query in the one spelling. */
function spell(part: string): string {
  const equals = `${part}=`.indexOf('=')
  return `${percentNormalize(part.slice(0, equals))}=${percentNormalize(part.slice(equals + 1))}`
}

/** Whether a part comes before another, by name and then by value: a plain comparison would put `a-b=` before `a=`. */
function isBefore(a: string, b: string): boolean {
  const name = a.slice(0, a.indexOf('='))
  const other = b.slice(0, b.indexOf('='))
  return name < other || (name === other && a < b)
}

/**
 * The canonical query: each name and value in the one spelling, sorted by name and then by value,
 * after encoding, by code unit; with parts of our own, which are in that spelling.
 */
export function canonicalQuery(query: string, own?: readonly string[]): string {
  const found = query.split('&')
  const spelled = CANONICAL.test(query) ? found : found.filter(Boolean).map(spell)
  return sorted(own ? own.concat(spelled) : spelled, isBefore).join('&')
}
