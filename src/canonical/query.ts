import { sorted } from '../lib/lists.ts'
import { percentNormalize } from '../lib/percent.ts'

// A query in which just what is reserved is encoded, in upper case, and which has only to be sorted.
const CANONICAL =
  /^(?!&)(?:(?:^|&)(?=[^=&]+=[^=&]*(?:&|$))[\w.~=-]*(?:%(?!2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)[\dA-F]{2}[\w.~=-]*)*)*$/

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
 * after encoding, by code unit.
 */
export function canonicalQuery(query: string): string {
  const found = query.split('&')
  const spelled = CANONICAL.test(query) ? found : found.filter(Boolean).map(spell)
  return sorted(spelled, isBefore).join('&')
}
