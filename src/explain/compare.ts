import { isVolatile } from './hypotheses/headers.ts'
import { parseParts } from './parts.ts'
import type { Difference, MismatchCause } from './types.ts'

const firstDifference = (ours: string, theirs: string): number => {
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at++
  return at + 1
}

type Part = Difference['part']

/** Where two canonical requests differ, line by line; headers are paired by name. */
export function differencesOf(ours: string, theirs: string): Difference[] {
  const a = parseParts(ours)
  const b = parseParts(theirs)
  if (!a || !b) return ours === theirs ? [] : [difference('signedHeaders', 1, ours, theirs)]
  const found: Difference[] = []
  const add = (part: Part, line: number, mine: string, other: string) => {
    if (mine !== other) found.push(difference(part, line, mine, other))
  }
  add('method', 1, a.method, b.method)
  add('path', 2, a.path, b.path)
  add('query', 3, a.query, b.query)
  const names = [...new Set([...a.headers, ...b.headers].map(([name]) => name))]
  for (const name of names) {
    const mine = a.headers.findIndex((field) => field[0] === name)
    const other = b.headers.findIndex((field) => field[0] === name)
    const lineOf = (fields: typeof a.headers, at: number) =>
      at < 0 ? '' : (fields[at] as readonly string[]).join(':')
    add('header', (mine < 0 ? other : mine) + 4, lineOf(a.headers, mine), lineOf(b.headers, other))
  }
  const end = a.headers.length + 5
  add('signedHeaders', end, a.signedHeaders, b.signedHeaders)
  add('payload', end + 1, a.payloadHash, b.payloadHash)
  return found
}

const difference = (part: Part, line: number, ours: string, theirs: string): Difference => ({
  part,
  line,
  column: firstDifference(ours, theirs),
  ours,
  theirs,
})

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
  if (theirs === '' || other === '') return 'header-dropped'
  if (mine.toLowerCase() === other.toLowerCase()) return 'header-case'
  if (mine.replace(/\s+/g, '') === other.replace(/\s+/g, '')) return 'header-blanks'
  const sorted = (text: string) => text.split(/ ?, ?/).sort().join(',')
  return sorted(mine) === sorted(other) ? 'header-order' : 'header-changed'
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function causeOfPath(ours: string, theirs: string): MismatchCause {
  if (decode(theirs) === ours) return 'path-single-encoded'
  if (decode(ours) === theirs) return 'path-double-encoded'
  const plain = (text: string) => text.replace(/\/(\.(?=\/|$)|(?=\/))/g, '')
  if (theirs.length < ours.length && plain(ours) === plain(theirs)) return 'path-not-normalized'
  if (/\/\/|\/\.\.?(\/|$)/.test(theirs) && !/\/\/|\/\.\.?(\/|$)/.test(ours))
    return 'path-normalized'
  if (/\/\/|\/\.\.?(\/|$)/.test(ours)) return 'path-not-normalized'
  if (ours.endsWith(theirs) || theirs.endsWith(ours)) return 'path-prefix'
  return decode(decode(ours)) === decode(decode(theirs)) ? 'path-not-encoded' : 'path-changed'
}

function causeOfQuery(ours: string, theirs: string): MismatchCause {
  const parts = (text: string) => text.split('&').sort()
  const mine = parts(ours)
  const other = parts(theirs)
  if (mine.join('&') === other.join('&')) return 'query-order'
  if (/amp;/.test(theirs) && !/amp;/.test(ours)) return 'query-html-escaped'
  const equals = (list: string[]) => list.map((part) => part.replace(/=$/, '')).join('&')
  if (equals(mine) === equals(other)) return 'query-missing-equals'
  const plus = (text: string) => text.replace(/\+|%2B|%20/gi, ' ')
  if (plus(mine.join('&')) === plus(other.join('&'))) return 'query-plus'
  if (mine.every((part) => other.includes(part))) return 'query-parameters-added'
  if (decode(theirs) === ours || decode(decode(theirs)) === decode(ours)) return 'url-reencoded'
  return decode(ours) === decode(theirs) ? 'query-encoding' : 'query-changed'
}

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function causeOfPayload(ours: string, theirs: string): MismatchCause {
  if (/UNSIGNED|STREAMING/.test(ours + theirs)) return 'payload-unsigned'
  if (theirs === EMPTY) return 'payload-dropped'
  return ours === EMPTY ? 'payload-empty' : 'payload-altered'
}

/** What a difference comes from. */
export function causeOfDifference({ part, ours, theirs }: Difference): MismatchCause {
  switch (part) {
    case 'method':
      return 'method-changed'
    case 'path':
      return causeOfPath(ours, theirs)
    case 'query':
      return causeOfQuery(ours, theirs)
    case 'header':
      return causeOfHeader(ours, theirs)
    case 'payload':
      return causeOfPayload(ours, theirs)
    default:
      return 'header-unsigned'
  }
}

/** What two strings to sign differ in, where the canonical requests are alike. */
export function causeOfStrings(ours: string, theirs: string): MismatchCause | undefined {
  const [algorithm, date, scope] = ours.split('\n')
  const [otherAlgorithm, otherDate, otherScope] = theirs.split('\n')
  if (algorithm !== otherAlgorithm) return 'unsupported-algorithm'
  if (date !== otherDate) return 'date-mismatch'
  if (scope === otherScope) return undefined
  const mine = (scope ?? '').split('/')
  const other = (otherScope ?? '').split('/')
  if (mine[0] !== other[0]) return 'wrong-day'
  if (mine[1] !== other[1]) return 'wrong-region'
  return mine[2] === other[2] ? 'wrong-terminator' : 'wrong-service'
}
