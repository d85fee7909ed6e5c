import type { Profile } from '../../canonical/profile.ts'
import { EMPTY_HASH } from '../../lib/bytes.ts'
import { tried } from '../search/hypotheses/texts.ts'
import { isVolatile } from '../search/hypotheses/volatile.ts'
import type { Difference, MismatchCause } from '../types.ts'

const decode = (text: string): string => tried(decodeURIComponent, text)

/** A path without its dot segments and repeated slashes. */
function normalize(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${/[^/]\/$|\/\.{1,2}$/.test(path) ? '/' : ''}`
}

/** How the paths of a service are signed, and how the service itself has it. */
export interface PathRules {
  readonly own: Profile
  readonly service: Profile
}

/** How often a path is encoded still, as far as it is. */
const escapesOf = (text: string): number => text.match(/%[\da-f]{2}/gi)?.length ?? 0

const inUpperCase = (text: string): string =>
  text.replace(/%[\da-f]{2}/gi, (escaped) => escaped.toUpperCase())

/** What became of a path on its way that says the same, by what it is on the wire before and after. */
function causeOfSpelling(before: string, after: string): MismatchCause {
  if (inUpperCase(before) === inUpperCase(after)) return 'path-hex-case'
  return escapesOf(after) < escapesOf(before) ? 'path-decoded' : 'path-not-encoded'
}

/** What became of a path that is encoded more on the wire than it was. */
const causeOfMore = (after: string): MismatchCause =>
  after.includes('%25') ? 'url-reencoded' : 'path-not-encoded'

/** What is told of a path by which of its readings agree: decoded once or twice, normalised or not. */
function causesOfPath(
  ours: string,
  theirs: string,
  rules: PathRules | undefined,
): readonly MismatchCause[] {
  const plusAsBlank = (text: string) => text.replace(/%2B/g, '%20')
  if (ours.includes('%2B') && plusAsBlank(ours) === plusAsBlank(theirs))
    return [theirs.includes('%2B') ? 'path-changed' : 'plus-decoded']
  const { pathEncoding = 'double' } = rules?.own ?? {}
  // What is not signed as the service has it explains the difference before anything on the way does.
  const isOther = rules !== undefined && pathEncoding !== (rules.service.pathEncoding ?? 'double')
  const [mine, other] = [decode(ours), decode(theirs)]
  const [mineTwice, otherTwice] = [decode(mine), decode(other)]
  const slashes = (text: string) => text.split('/').length
  const alike = (change: (text: string) => string): MismatchCause[] | undefined => {
    if (change(mine) === change(other))
      return change(ours) === change(theirs)
        ? []
        : [slashes(ours) === slashes(theirs) ? 'path-not-encoded' : 'path-decoded']
    if (change(mine) === change(otherTwice))
      return [
        isOther || !rules
          ? 'path-single-encoded'
          : causeOfMore(pathEncoding === 'double' ? other : theirs),
      ]
    if (change(mineTwice) === change(other))
      return [isOther || !rules ? 'path-double-encoded' : 'path-decoded']
    if (pathEncoding === 'double' && change(mineTwice) === change(otherTwice))
      return [causeOfSpelling(change(mine), change(other))]
    return undefined
  }
  const encoding = alike((text) => text)
  if (encoding) return encoding
  const beside = alike(normalize)
  const dotted = (text: string) => text !== normalize(text)
  if (beside && dotted(ours) && !dotted(theirs)) return [...beside, 'path-not-normalized']
  if (beside && dotted(theirs) && !dotted(ours)) return [...beside, 'path-normalized']
  const ends = mineTwice.endsWith(otherTwice) || otherTwice.endsWith(mineTwice)
  return [ends && otherTwice !== '' ? 'path-prefix' : 'path-changed']
}

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
  if (decode(theirs) === ours || decode(decode(theirs)) === decode(ours)) return 'url-reencoded'
  return decode(ours) === decode(theirs) ? 'query-encoding' : 'query-changed'
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
