import { utf8Length } from '../../../lib/utf8.ts'
import type { Evidence } from '../../case/evidence.ts'
import { type Parts, withHeader, withoutHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { LONG, MOST } from '../limits.ts'
import { isVolatile, valuesBefore } from './volatile.ts'

/** How many guesses there are at headers, so that those at the rest have their turn. */
const ALTOGETHER = 2000

/** What a signer may have made of each header, or a proxy of it afterwards; in turn, a header at a time. */
export function* headerHypotheses(
  base: Omit<Parts, 'key'>,
  { headers, body }: Evidence,
): Iterable<Hypothesis> {
  const bodyLength = () => (typeof body === 'string' ? utf8Length(body) : body.length)
  const all = base.headers
    .filter(([name]) => name !== 'host')
    .slice(0, MOST)
    .map(([name]) => hypothesesOfOne(name, headers.get(name) ?? '', bodyLength))
  let left = ALTOGETHER
  for (const hypothesis of inTurn(all)) if (left-- > 0) yield hypothesis
}

/** One of each list, then the next of each. */
function* inTurn<T>(lists: readonly Iterable<T>[]): Iterable<T> {
  let left = lists.map((list) => list[Symbol.iterator]())
  while (left.length > 0) {
    const ended = new Set<Iterator<T>>()
    for (const list of left) {
      const { done, value } = list.next()
      if (done) ended.add(list)
      else yield value
    }
    left = left.filter((list) => !ended.has(list))
  }
}

type Value = readonly [cause: MismatchCause, value: string]

function* hypothesesOfOne(
  name: string,
  raw: string,
  bodyLength: () => number,
): Iterable<Hypothesis> {
  for (const [cause, value] of valuesOf(name, raw, bodyLength))
    yield { cause, detail: name, change: (parts) => withHeader(parts, name, value) }
  for (const value of caseVariants(raw))
    yield { cause: 'header-case', detail: name, change: (parts) => withHeader(parts, name, value) }
  yield { cause: 'header-unsigned', detail: name, change: (parts) => withoutHeader(parts, name) }
}

/** The values that may have been signed; of a very long one, only its blanks are looked at. */
function* valuesOf(name: string, raw: string, bodyLength: () => number): Iterable<Value> {
  if (raw.length > LONG) {
    yield ['header-blanks', raw]
    return yield ['header-blanks', raw.trim()]
  }
  const collapsed = raw
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(' ')
  const changed: MismatchCause = isVolatile(name) ? 'volatile-header' : 'header-changed'
  const before = valuesBefore(name).map((value): Value => [changed, value])
  if (isVolatile(name)) yield* before
  yield* respelled(raw, collapsed)
  for (const value of rewritten(collapsed)) yield [changed, value]
  if (name === 'content-length') yield [changed, String(bodyLength())]
  yield* before
}

/** The same value with other blanks, in another case, or with its members in another order. */
function respelled(raw: string, collapsed: string): Value[] {
  const list = collapsed.split(/ ?, ?/)
  return [
    ['header-blanks', raw],
    ['header-blanks', raw.trim()],
    // Ruby keeps what stands in quotes.
    [
      'header-blanks',
      raw.trim().replace(/"[^"]*"|[ \t]+/g, (part) => (part.startsWith('"') ? part : ' ')),
    ],
    ['header-blanks', collapsed.replace(/ /g, '')],
    ['header-blanks', list.join(',')],
    ['header-blanks', list.join(', ')],
    ['header-case', collapsed.toLowerCase()],
    ['header-case', collapsed.toUpperCase()],
    ['header-case', collapsed.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())],
    ['header-order', [...list].reverse().join(',')],
    ['header-order', [...list].sort().join(',')],
    ['header-order', [...list].reverse().join(', ')],
    ['header-order', [...list].sort().join(', ')],
  ]
}

/** Another value: less than arrived, or more. */
function rewritten(collapsed: string): string[] {
  const list = collapsed.split(/ ?, ?/)
  return [
    list[0] as string,
    list.slice(0, -1).join(','),
    list.slice(0, -1).join(', '),
    (collapsed.split(';')[0] as string).trim(),
    `${collapsed}; charset=utf-8`,
    `${collapsed}; charset=UTF-8`,
    `${collapsed};charset=UTF-8`,
    collapsed.replace(/^"|"$/g, ''),
  ]
}

/** All spellings in upper and lower case of a short value: what a proxy folded can be found again. */
function caseVariants(value: string): string[] {
  const letters = value.match(/[a-z]/gi)?.length ?? 0
  if (letters === 0 || letters > 6) return []
  let variants = ['']
  for (const character of value) {
    const forms = [...new Set([character.toLowerCase(), character.toUpperCase()])]
    variants = variants.flatMap((start) => forms.map((form) => start + form))
  }
  return variants
}
