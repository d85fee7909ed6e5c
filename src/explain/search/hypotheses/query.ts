import { canonicalQuery } from '../../../canonical/query.ts'
import { percentDecode, percentEncode, percentNormalize } from '../../../lib/percent.ts'
import type { Evidence } from '../../case/evidence.ts'
import { type Hypothesis, madeOnce } from '../hypothesis.ts'
import { FEW, MOST } from '../limits.ts'
import { rewritings } from './subsets.ts'
import { decodedAgain } from './texts.ts'

/** A part of a query as it was sent, and as it stands in the canonical one. */
interface Part {
  readonly wire: string
  readonly name: string
  readonly canonical: string
}

function readPart(wire: string): Part {
  const [name] = wire.split('=', 1) as [string]
  const value = wire.slice(name.length + 1)
  return { wire, name, canonical: `${percentNormalize(name)}=${percentNormalize(value)}` }
}

const withQuery = /* @__PURE__ */ madeOnce('query')

const join = (parts: readonly Part[]): string => parts.map(({ canonical }) => canonical).join('&')

type Key = (part: Part) => string

/** A copy that is sorted by one key after another, each by code unit, and each made once. */
const sortedBy = (parts: readonly Part[], ...keys: Key[]): Part[] =>
  parts
    .map((part) => ({ part, texts: keys.map((key) => key(part)) }))
    .sort((a, b) => {
      const at = a.texts.findIndex((text, at) => text !== b.texts[at])
      return at < 0 ? 0 : (a.texts[at] as string) < (b.texts[at] as string) ? -1 : 1
    })
    .map(({ part }) => part)

const canonicalOf: Key = ({ canonical }) => canonical
const canonicalName: Key = ({ canonical }) => canonical.slice(0, canonical.indexOf('='))

/** What a signer may have made of the query. */
export function* queryHypotheses(evidence: Evidence): Iterable<Hypothesis> {
  const { wireQuery, tokenName } = evidence
  if (wireQuery === '') return
  const parts = wireQuery.split('&').filter(Boolean).map(readPart)
  // The canonical order: by name and then by value, after encoding.
  const sorted = sortedBy(parts, canonicalName, canonicalOf)
  const canonical = join(sorted)
  const withoutEquals = (query: string) => query.replace(/=(?=&|$)/g, '')

  yield withQuery('query-missing-equals', () => withoutEquals(canonical))
  yield* withOtherPluses(evidence, canonical)
  yield* inOtherOrders(parts, sorted)
  yield withQuery('url-reencoded', () => canonicalQuery(decodedAgain(evidence.bareQuery)))
  yield* inOtherSpellings(evidence, sorted)
  // As it stands: neither sorted nor spelled.
  for (const query of [evidence.bareQuery, wireQuery])
    for (const it of [query, withoutEquals(query)]) yield withQuery('query-order', () => it)
  const token = tokenName.toLowerCase()
  yield withQuery('token-appended', () =>
    join(sorted.filter(({ name }) => name.toLowerCase() !== token)),
  )
  yield* withoutParts(parts, sorted)
}

/** Sorted in another way, or in none. */
function* inOtherOrders(parts: readonly Part[], sorted: readonly Part[]): Iterable<Hypothesis> {
  yield withQuery('query-order', () => join(parts))
  for (const given of [parts, sorted])
    yield withQuery('query-order', () => join([...given].reverse()))
  // Sorted before encoding: [ and % change places with letters.
  yield withQuery('query-order', () => join(sortedBy(parts, ({ wire }) => percentDecode(wire))))
  yield withQuery('query-order', () =>
    join([...parts].sort((a, b) => a.wire.localeCompare(b.wire, 'en'))),
  )
  yield withQuery('query-order', () => join(sortedBy(parts, ({ name }) => name)))
  // Sorted as whole texts, so that a=1 comes after a-b=1.
  yield withQuery('query-order', () => join(sortedBy(parts, canonicalOf)))
}

/** A + that is itself or a blank, all of them or some: written as either, or encoded or decoded since. */
function* withOtherPluses(
  { bareQuery, plus, queryReadOtherwise }: Evidence,
  canonical: string,
): Iterable<Hypothesis> {
  const [read, other] = plus === 'literal' ? ['%2B', '%20'] : ['%20', '%2B']
  function* rewritten(form: RegExp, by: string): Iterable<Hypothesis> {
    for (const query of rewritings(bareQuery, form, by, FEW))
      yield withQuery('query-plus', () => canonicalQuery(query.replace(/\+/g, read)))
  }
  yield withQuery('query-plus', queryReadOtherwise)
  yield withQuery('query-plus', () => canonical.replace(/%20/g, '+'))
  yield withQuery('query-plus', () => canonical.replace(/%20/g, '%2B'))
  yield withQuery('query-plus', () => canonical.replace(/%2B/g, '%20'))
  yield withQuery('query-plus', () => canonical.replace(/%2B/g, '+'))
  yield* rewritten(/\+/g, other)
  yield* rewritten(/%2B/gi, '%20')
}

/** Sorted, and spelled in another way. */
function* inOtherSpellings({ bareQuery }: Evidence, sorted: readonly Part[]): Iterable<Hypothesis> {
  const canonical = join(sorted)
  const wires = sorted.map(({ wire }) => wire)
  yield withQuery('query-encoding', () => wires.join('&'))
  yield withQuery('query-encoding', () => wires.map(percentDecode).join('&'))
  yield withQuery('query-encoding', () =>
    wires.map((part) => part.split('=').map(percentEncode).join('=')).join('&'),
  )
  yield withQuery('query-encoding', () =>
    canonical.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()),
  )
  yield withQuery('query-encoding', () => canonical.replace(/%2F/g, '/'))
  yield withQuery('query-encoding', () => canonical.replace(/%(2[178A9]|27)/g, decodeURIComponent))
  // Decoded on the way: a %25, or a %26 that parts what was one value.
  yield withQuery('query-encoding', () => canonicalQuery(bareQuery.replace(/%/g, '%25')))
  for (const query of rewritings(bareQuery, /&/g, '%26', FEW))
    yield withQuery('query-encoding', () => canonicalQuery(query))
}

/** Parameters that may have come later: each by itself, and the last ones together. */
function* withoutParts(parts: readonly Part[], sorted: readonly Part[]): Iterable<Hypothesis> {
  const own = (part: Part) => /^x-amz-/i.test(part.name)
  yield withQuery('query-parameters-added', () => '')
  yield withQuery('query-parameters-added', () => join(sorted.filter(own)))
  const last = parts.filter((part) => !own(part)).slice(-MOST)
  const without = (left: ReadonlySet<Part>) => join(sorted.filter((part) => !left.has(part)))
  for (const part of [...last].reverse())
    yield withQuery(
      'query-parameters-added',
      () => without(new Set([part])),
      percentDecode(part.name),
    )
  for (let from = last.length - 2; from >= 0; from--) {
    const left = last.slice(from)
    const names = left.slice(0, 5).map(({ name }) => percentDecode(name))
    yield withQuery(
      'query-parameters-added',
      () => without(new Set(left)),
      names.join(', ') + (left.length > 5 ? ', …' : ''),
    )
  }
}
