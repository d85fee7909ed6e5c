import { EMPTY_HASH } from '../../lib/bytes.ts'
import { percentDecode } from '../../lib/percent.ts'
import { isVolatile } from '../search/hypotheses/volatile.ts'
import type { Difference, MismatchCause } from '../types.ts'
import { causesOfPath, type PathRules } from './path-causes.ts'

function causeOfQuery(ours: string, theirs: string): MismatchCause {
  const parts = (text: string) => text.split('&').filter(Boolean).sort()
  const mine = parts(ours)
  const other = parts(theirs)
  if (mine.join('&') === other.join('&')) return 'query-order'
  if (/amp(;|%3B)/.test(theirs) && !/amp(;|%3B)/.test(ours)) return 'query-html-escaped'
  const equals = (list: string[]) => list.map((part) => part.replace(/=$/, '')).join('&')
  if (equals(mine) === equals(other)) return 'query-missing-equals'
  const plus = (list: string[]) => list.map((part) => part.replace(/\+|%2B|%20/gi, ' '))
  if (plus(mine).sort().join('&') === plus(other).sort().join('&')) return 'query-plus'
  const all = new Set(other)
  if (mine.every((part) => all.has(part))) return 'query-parameters-added'
  if (
    percentDecode(theirs) === ours ||
    percentDecode(percentDecode(theirs)) === percentDecode(ours)
  )
    return 'url-reencoded'
  return percentDecode(ours) === percentDecode(theirs) ? 'query-encoding' : 'query-changed'
}

function causeOfHeader(ours: string, theirs: string): MismatchCause {
  const name = (ours || theirs).split(':', 1)[0] as string
  const mine = ours.slice(name.length + 1)
  const other = theirs.slice(name.length + 1)
  if (name === 'host')
    return mine.replace(/:\d+$/, '') === other.replace(/:\d+$/, '') ? 'host-port' : 'host-changed'
  if (/-token$/.test(name))
    return other === '' ? 'token-missing' : mine === '' ? 'token-unsigned' : 'token-altered'
  if (isVolatile(name)) return 'volatile-header'
  // No proxy sets it anew: what was refused is not what is explained.
  if (name === 'x-amz-date') return 'date-mismatch'
  if (ours === '') return 'header-unsigned'
  if (other === '') return 'header-dropped'
  if (mine.toLowerCase() === other.toLowerCase()) return 'header-case'
  if (mine.replace(/\s+/g, '') === other.replace(/\s+/g, '')) return 'header-blanks'
  const sorted = (text: string) => text.split(/ ?, ?/).sort().join(',')
  return sorted(mine) === sorted(other) ? 'header-order' : 'header-changed'
}

function causeOfPayload(ours: string, theirs: string): MismatchCause {
  if (/UNSIGNED|STREAMING/.test(ours + theirs)) return 'payload-unsigned'
  if (theirs === EMPTY_HASH) return 'payload-dropped'
  return ours === EMPTY_HASH ? 'payload-empty' : 'payload-altered'
}

function causeOfList(ours: string, theirs: string): MismatchCause {
  const sorted = (text: string) => text.split(';').sort().join(';')
  return sorted(ours) === sorted(theirs) ? 'header-order' : 'header-unsigned'
}

/** What a line of the string to sign says: algorithm, date or scope. */
function causeOfString(line: number, ours: string, theirs: string): MismatchCause {
  if (line < 3) return line === 1 ? 'unsupported-algorithm' : 'date-mismatch'
  const mine = ours.split('/')
  const other = theirs.split('/')
  const at = mine.findIndex((name, index) => name !== other[index])
  return (['wrong-day', 'wrong-region', 'wrong-service'] as const)[at] ?? 'wrong-terminator'
}

/** What a difference comes from; `rules` tells how our own path was made. */
export function causesOfDifference(
  { part, line, ours, theirs }: Difference,
  rules?: PathRules,
): readonly MismatchCause[] {
  switch (part) {
    case 'method':
      return ['method-changed']
    case 'path':
      return causesOfPath(ours, theirs, rules)
    case 'query':
      return [causeOfQuery(ours, theirs)]
    case 'header':
      return [causeOfHeader(ours, theirs)]
    case 'signedHeaders':
      return [causeOfList(ours, theirs)]
    case 'payload':
      return [causeOfPayload(ours, theirs)]
    default:
      return [causeOfString(line, ours, theirs)]
  }
}
