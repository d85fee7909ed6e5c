import type { Message } from '../suite.ts'

const CHARACTERS = [...'aF0/.%&=+ ?;,#é-\t\n']

/**
 * Every change of one character at each position of a text: replaced and inserted, by a few each,
 * gone, and in the other case.
 */
function* changesOf(text: string, seed: number, few: number): Generator<string> {
  for (let at = 0; at <= text.length; at++) {
    const [before, found, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)]
    for (let nth = 0; nth < few; nth++) {
      const character = CHARACTERS[(seed + at * 5 + nth * 7) % CHARACTERS.length] as string
      yield before + character + found + after
      if (found && found !== character) yield before + character + after
    }
    if (!found) continue
    yield before + after
    const other = found === found.toLowerCase() ? found.toUpperCase() : found.toLowerCase()
    if (other !== found) yield before + other + after
  }
}

/** Where a request was changed. */
export type Part = 'method' | 'path' | 'query' | 'header name' | 'header value' | 'body'

export interface Mutation {
  readonly part: Part
  /** The name of the header as it was. */
  readonly header?: string
  readonly message: Message
}

/** Every change of one character in a message; the seed moves which characters stand where. */
export function* mutationsOf(message: Message, seed: number, few: number): Generator<Mutation> {
  const { method, target, headers, body } = message
  for (const changed of changesOf(method, seed, few))
    yield { part: 'method', message: { ...message, method: changed } }
  const mark = `${target}?`.indexOf('?')
  const [path, query] = [target.slice(0, mark), target.slice(mark)]
  const all = (text: string) => (text.length < 120 ? CHARACTERS.length : few)
  for (const changed of changesOf(path, seed, all(path)))
    yield { part: 'path', message: { ...message, target: changed + query } }
  for (const changed of changesOf(query, seed, all(query)))
    yield { part: 'query', message: { ...message, target: path + changed } }
  for (const [at, [name, value]] of headers.entries()) {
    const withField = (field: readonly [string, string]) => ({
      header: name.toLowerCase(),
      message: { ...message, headers: headers.with(at, field) },
    })
    for (const changed of changesOf(name, seed + at, few))
      yield { part: 'header name', ...withField([changed, value]) }
    for (const changed of changesOf(value, seed + at, few))
      yield { part: 'header value', ...withField([name, changed]) }
  }
  for (const changed of changesOf(body, seed, few))
    yield { part: 'body', message: { ...message, body: changed } }
}
