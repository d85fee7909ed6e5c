import { canonicalQuery } from '../../../canonical/query.ts'
import { percentEncode, percentNormalize } from '../../../lib/percent.ts'
import { once } from '../../../lib/remembered.ts'
import type { Evidence } from '../../case/evidence.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { FEW, MOST } from '../limits.ts'
import { rewritings } from './subsets.ts'
import { decodedAgain, tried } from './texts.ts'

const decoded = (text: string): string => tried(decodeURIComponent, text)

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

type Add = (cause: MismatchCause, query: () => string, detail?: string) => void

const join = (parts: readonly Part[]): string => parts.map(({ canonical }) => canonical).join('&')

type Key = (part: Part) => string

/** A copy that is sorted by one key after another, each by code unit. */
const sortedBy = (parts: readonly Part[], ...keys: Key[]): Part[] =>
  [...parts].sort((a, b) => {
    const key = keys.find((key) => key(a) !== key(b))
    return key ? (key(a) < key(b) ? -1 : 1) : 0
  })

const canonicalOf: Key = ({ canonical }) => canonical
const canonicalName: Key = ({ canonical }) => canonical.slice(0, canonical.indexOf('='))

/** What a signer may have made of the query. */
export function queryHypotheses(evidence: Evidence): Hypothesis[] {
  const { wireQuery, tokenName } = evidence
  if (wireQuery === '') return []
  const hypotheses: Hypothesis[] = []
  const add: Add = (cause, make, detail) => {
    const query = once(make)
    hypotheses.push({ cause, detail, change: (parts) => ({ ...parts, query: query() }) })
  }
  const parts = wireQuery.split('&').filter(Boolean).map(readPart)
  // The canonical order: by name and then by value, after encoding.
  const sorted = sortedBy(parts, canonicalName, canonicalOf)
  const canonical = join(sorted)
  const withoutEquals = (query: string) => query.replace(/=(?=&|$)/g, '')

  add('query-missing-equals', () => withoutEquals(canonical))
  addPluses(evidence, canonical, add)
  addOrders(parts, sorted, add)
  add('url-reencoded', () => canonicalQuery(decodedAgain(evidence.bareQuery)))
  addEncodings(evidence, sorted, add)
  // As it stands: neither sorted nor spelled.
  for (const query of [evidence.bareQuery, wireQuery])
    for (const it of [query, withoutEquals(query)]) add('query-order', () => it)
  const token = tokenName.toLowerCase()
  add('token-appended', () => join(sorted.filter(({ name }) => name.toLowerCase() !== token)))
  addedParameters(parts, sorted, add)
  return hypotheses
}

/** Sorted in another way, or in none. */
function addOrders(parts: readonly Part[], sorted: readonly Part[], add: Add): void {
  add('query-order', () => join(parts))
  for (const given of [parts, sorted]) add('query-order', () => join([...given].reverse()))
  // Sorted before encoding: [ and % change places with letters.
  add('query-order', () => join(sortedBy(parts, ({ wire }) => decoded(wire))))
  add('query-order', () => join([...parts].sort((a, b) => a.wire.localeCompare(b.wire, 'en'))))
  add('query-order', () => join(sortedBy(parts, ({ name }) => name)))
  // Sorted as whole texts, so that a=1 comes after a-b=1.
  add('query-order', () => join(sortedBy(parts, canonicalOf)))
}

/** A + that is itself or a blank, all of them or some: written as either, or encoded or decoded since. */
function addPluses({ bareQuery, plus, queryReadOtherwise }: Evidence, canonical: string, add: Add) {
  const [read, other] = plus === 'literal' ? ['%2B', '%20'] : ['%20', '%2B']
  const rewritten = (form: RegExp, by: string) => {
    for (const query of rewritings(bareQuery, form, by, FEW))
      add('query-plus', () => canonicalQuery(query.replace(/\+/g, read)))
  }
  add('query-plus', queryReadOtherwise)
  add('query-plus', () => canonical.replace(/%20/g, '+'))
  add('query-plus', () => canonical.replace(/%20/g, '%2B'))
  add('query-plus', () => canonical.replace(/%2B/g, '%20'))
  add('query-plus', () => canonical.replace(/%2B/g, '+'))
  rewritten(/\+/g, other)
  rewritten(/%2B/gi, '%20')
}

/** Sorted, and spelled in another way. */
function addEncodings({ bareQuery }: Evidence, sorted: readonly Part[], add: Add): void {
  const canonical = join(sorted)
  const wires = sorted.map(({ wire }) => wire)
  add('query-encoding', () => wires.join('&'))
  add('query-encoding', () => wires.map(decoded).join('&'))
  add('query-encoding', () =>
    wires.map((part) => part.split('=').map(percentEncode).join('=')).join('&'),
  )
  add('query-encoding', () => canonical.replace(/%[\dA-F]{2}/g, (byte) => byte.toLowerCase()))
  add('query-encoding', () => canonical.replace(/%2F/g, '/'))
  add('query-encoding', () => canonical.replace(/%(2[178A9]|27)/g, decodeURIComponent))
  // Decoded on the way: a %25, or a %26 that parts what was one value.
  add('query-encoding', () => canonicalQuery(bareQuery.replace(/%/g, '%25')))
  for (const query of rewritings(bareQuery, /&/g, '%26', FEW))
    add('query-encoding', () => canonicalQuery(query))
}

/** Parameters that may have come later: each by itself, and the last ones together. */
function addedParameters(parts: readonly Part[], sorted: readonly Part[], add: Add): void {
  const own = (part: Part) => /^x-amz-/i.test(part.name)
  add('query-parameters-added', () => '')
  add('query-parameters-added', () => join(sorted.filter(own)))
  const last = parts.filter((part) => !own(part)).slice(-MOST)
  const without = (left: ReadonlySet<Part>) => join(sorted.filter((part) => !left.has(part)))
  for (const part of [...last].reverse())
    add('query-parameters-added', () => without(new Set([part])), decoded(part.name))
  for (let from = last.length - 2; from >= 0; from--) {
    const left = last.slice(from)
    const names = left.slice(0, 5).map(({ name }) => decoded(name))
    add(
      'query-parameters-added',
      () => without(new Set(left)),
      names.join(', ') + (left.length > 5 ? ', …' : ''),
    )
  }
}
