import { createVerifier } from 'countersign/sync'
import { afterAll, describe, expect, it } from 'vitest'
import { type Meaning, meaningOf } from './canonical-meaning.ts'
import { received, verdict } from './common.ts'
import { expectedVerdict } from './expected-verdict.ts'
import { type Mutable, mutables } from './mutable.ts'
import { type Mutation, mutationsOf } from './mutate.ts'

/** Why a change alters nothing, by the parts of the target that it left alone. */
function classOfTarget(before: string, after: string, { encodings, normalizes }: Mutable['rules']) {
  if (before.toLowerCase() === after.toLowerCase()) return 'the case of the hex digits of an escape'
  const [pathBefore = '', ...queryBefore] = before.split('?')
  const [pathAfter = '', ...queryAfter] = after.split('?')
  if (pathBefore === pathAfter) {
    const parts = (query: string[]) => query.join('?').split('&').filter(Boolean)
    const valued = (part: string) => (part.includes('=') ? part : `${part}=`)
    const [was, is] = [parts(queryBefore), parts(queryAfter)]
    if (was.join('&') === is.join('&')) return 'an empty part of the query, or an empty query'
    if (was.map(valued).join('&') === is.map(valued).join('&')) return 'a = after a name alone'
    return 'another query'
  }
  if (encodings === 1 && pathBefore.replaceAll(' ', '+') === pathAfter.replaceAll(' ', '+'))
    return "a + for a blank in a path of S3's encoding"
  if (pathBefore === '/' && pathAfter === '') return 'the slash of an empty path'
  return normalizes ? 'a slash or dot segment that normalising removes' : 'another path'
}

/** What kind of change it is that alters nothing. */
function classOf({ part, header, message }: Mutation, good: Mutable, meaning: Meaning): string {
  if (part === 'body') return 'a body that is not signed'
  if (!header) return classOfTarget(good.message.target, message.target, good.rules)
  if (header === 'authorization' && part === 'header value')
    return 'blanks and commas between the fields of Authorization'
  if (header !== 'authorization' && !meaning.signedHeaders.includes(header))
    return 'a header that is not signed'
  return part === 'header name'
    ? 'the case of a header name'
    : 'outer or repeated blanks of a header value, or a tab for a blank'
}

/** All that may change in a signed request. */
const NO_CHANGE = [
  ...['a body that is not signed', 'a header that is not signed', 'the case of a header name'],
  'outer or repeated blanks of a header value, or a tab for a blank',
  'blanks and commas between the fields of Authorization',
  ...['the case of the hex digits of an escape', 'the slash of an empty path'],
  ...['an empty part of the query, or an empty query', 'a = after a name alone'],
  "a + for a blank in a path of S3's encoding",
  'a slash or dot segment that normalising removes',
]

const accepted = new Map<string, number>()
const refused = new Map<string, number>()
const count = (counts: Map<string, number>, row: string) =>
  counts.set(row, (counts.get(row) ?? 0) + 1)
const sum = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0)

afterAll(() => {
  const rows = (title: string, counts: Map<string, number>) => [
    `${String(sum(counts)).padStart(7)}  ${title}`,
    ...[...counts].sort().map(([row, n]) => `${String(n).padStart(14)}  ${row}`),
  ]
  console.info([...rows('accepted', accepted), ...rows('refused', refused)].join('\n'))
})

describe('a request with one character changed', () => {
  it.each(mutables.map((good, at) => [good.name, good, at] as const))(
    '%s, is accepted where that means the same, else refused for the right reason',
    (_, good, at) => {
      const { message, options, rules, few } = good
      const verifier = createVerifier(options)
      const meaning = meaningOf(message, rules) as Meaning
      expect(verdict(verifier.verify(received(message)))).toBe('accepted')
      const wrong: unknown[] = []
      for (const mutation of mutationsOf(message, at * 7, few)) {
        const got = verdict(verifier.verify(received(mutation.message)))
        const want = expectedVerdict(meaning, mutation.message, rules)
        if (got !== want && wrong.length < 5) wrong.push({ ...mutation, got, want })
        if (got === 'accepted') count(accepted, classOf(mutation, good, meaning))
        else count(refused, `${mutation.part}: ${got}`)
      }
      expect(wrong).toEqual([])
    },
  )

  it('is one of more than a hundred thousand, and every kind of accepted change is known', () => {
    expect(sum(refused) + sum(accepted)).toBeGreaterThan(100_000)
    expect([...accepted.keys()].sort()).toEqual(NO_CHANGE.toSorted())
  })
})

/** What the sender or a proxy may write otherwise: more than one character. */
const REWRITTEN: Record<string, (message: Mutable['message']) => Mutable['message']> = {
  'the parts of the query in another order': (message) => {
    const [path, query] = message.target.split(/\?(.*)/s)
    return query
      ? { ...message, target: `${path}?${query.split('&').reverse().join('&')}` }
      : message
  },
  'the header fields in another order': (message) => {
    const names = message.headers.map(([name]) => name.toLowerCase())
    const first = message.headers.filter(([name], at) => names.indexOf(name.toLowerCase()) === at)
    const rest = message.headers.filter((field) => !first.includes(field))
    return { ...message, headers: [...first.reverse(), ...rest] }
  },
  'the fields of Authorization in another order': (message) => ({
    ...message,
    headers: message.headers.map(([name, value]) =>
      /^authorization$/i.test(name)
        ? [name, value.replace(/ (.*), (.*), (.*)/, ' $3,$1,  $2')]
        : [name, value],
    ),
  }),
  'letters of the query that need not be escaped, escaped': (message) => {
    const [path, query] = message.target.split(/\?(.*)/s)
    return query ? { ...message, target: `${path}?${query.replaceAll('A', '%41')}` } : message
  },
  'blanks of the query as +': (message) => {
    const [path, query] = message.target.split(/\?(.*)/s)
    return query ? { ...message, target: `${path}?${query.replaceAll('%20', '+')}` } : message
  },
  'escapes of the query in lower case': (message) => {
    const lower = (text = '') => text.replace(/%[\dA-F]{2}/g, (found) => found.toLowerCase())
    const [path = '', query] = message.target.split(/\?(.*)/s)
    return { ...message, target: path + (query === undefined ? '' : `?${lower(query)}`) }
  },
}

describe.each(Object.entries(REWRITTEN))('a request with %s', (_, rewrite) => {
  it.each(mutables)('$name, is accepted', ({ message, options, rules }) => {
    const verifier = createVerifier(options)
    const rewritten = rewrite(message)
    expect(verdict(verifier.verify(received(rewritten)))).toBe('accepted')
    const meaning = meaningOf(message, rules) as Meaning
    expect(expectedVerdict(meaning, rewritten, rules)).toBe('accepted')
  })
})
