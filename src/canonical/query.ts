import { sorted } from '../lib/lists.ts'
import { percentNormalize } from '../lib/percent.ts'

// A part that is in the one spelling: no escape but upper-case ones of what is commonly reserved.
const CANONICAL = /^(?:[\w.~-]|%(?:2[\dABCF]|3[A-F]))+=(?:[\w.~-]|%(?:2[\dABCF]|3[A-F]))*$/

/** A part of a query in the one spelling. */
function spell(part: string): string {
  if (CANONICAL.test(part)) return part
  const equals = `${part}=`.indexOf('=')
  return `${percentNormalize(part.slice(0, equals))}=${percentNormalize(part.slice(equals + 1))}`
}

// A plain comparison would put `a-b=` before `a=`: no canonical character comes before this one.
const nameFirst = (part: string): string => part.replace('=', '!')

/**
 * The canonical query: each name and value in the one spelling, sorted by name and then by value,
 * after encoding, by code unit; with parts of our own, which are in that spelling.
 */
export function canonicalQuery(query: string, own?: readonly string[]): string {
  const spelled = query.split('&').filter(Boolean).map(spell)
  return sorted(own ? own.concat(spelled) : spelled, nameFirst).join('&')
}
