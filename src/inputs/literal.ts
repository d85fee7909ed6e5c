import { fromLatin1 } from '../lib/latin1.ts'
import { fromUtf8 } from '../lib/utf8.ts'

/** A value as a program prints it: undefined where it is none, and true where it is not told. */
export type Printed = string | number | true | undefined | readonly Printed[] | PrintedObject

/** An object as a program prints it. */
export type PrintedObject = ReadonlyMap<string, Printed>

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', '0': '\0' },
}

/** Characters of a text that are read: a log of more is cut off. */
const MOST_OF_TEXT = 0x200000

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|U([\da-fA-F]{8})|(.))/gs,
    (_, x?: string, u?: string, braces?: string, long?: string, character = '') => {
      const hex = x ?? u ?? braces ?? long
      const code = hex === undefined ? undefined : Number.parseInt(hex, 16)
      if (code === undefined) return ESCAPES[character] ?? character
      return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    },
  )

/** A text as it was before it was quoted; Python's bytes are read as UTF-8. */
function unquoted(prefix: string, text: string): string {
  const plain = unescaped(text)
  return prefix === 'b' && !/[^\0-\xff]/.test(plain) ? fromUtf8(fromLatin1(plain)) : plain
}

const NOTHING: ReadonlySet<string> = new Set(['undefined', 'null', 'None'])

/** What a bare word stands for. */
function meaningOf(word: string): Printed {
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word)
  return NOTHING.has(word) ? undefined : true
}

/** What has been opened and not closed yet: an object, or a list. */
interface Open {
  readonly list: Printed[]
  readonly entries: Map<string, Printed>
  readonly isObject: boolean
  key: string | undefined
  value: Printed
  word: string | undefined
  mark: string
}

const opened = (mark: string): Open => ({
  ...{ list: [], entries: new Map(), isObject: mark === '{' },
  ...{ key: undefined, value: undefined, word: undefined, mark: '' },
})

/** Ends the entry of an object or a list that is being read. */
function end(open: Open): void {
  if (open.key !== undefined) open.entries.set(open.key, open.value)
  else if (open.value !== undefined) open.list.push(open.value)
  open.key = open.value = open.word = undefined
  open.mark = ''
}

/** Takes a text, which goes on with the one before it behind a `+`, as Node prints one of several lines. */
function takeText(open: Open, text: string): void {
  const goesOn = open.mark === '+' && typeof open.value === 'string'
  open.value = goesOn ? `${open.value}${text}` : text
  open.word = text
  open.mark = ''
}

function takeWord(open: Open, word: string): void {
  open.word ??= word
  open.value ??= meaningOf(word)
}

/**
 * Takes a mark, and answers with what it closes. That is the value of what it stands in, the last
 * where there are several: of `Uint8Array(2) [1, 2]` the list.
 */
function takeMark(stack: Open[], mark: string): Open | undefined {
  const open = stack[stack.length - 1] as Open
  if (/[{[(]/.test(mark)) stack.push(opened(mark))
  else if (mark === ',') end(open)
  else if (mark === '+') open.mark = '+'
  else if (mark === ':' && open.key === undefined) {
    open.key = open.word ?? ''
    open.value = open.word = undefined
  }
  if (!/[}\])]/.test(mark)) return undefined
  end(open)
  stack.pop()
  const outer = stack[stack.length - 1]
  if (outer) outer.value = open.isObject ? open.entries : open.list
  return open
}

/** A piece of a text: one in quotes with what stands before them, or as it stands. */
interface Token {
  readonly all: string
  readonly prefix: string
  readonly quoted: string | undefined
  /** Where it ends. */
  readonly to: number
}

/** The pieces of a text from a place on. */
function* tokensOf(text: string, at: number): Iterable<Token> {
  // A text in quotes, of which the last may be cut off; a mark; or a word.
  const pattern =
    /\s+|([bu]?)(?:'((?:[^'\\]|\\.|\\$)*)(?:'|$)|"((?:[^"\\]|\\.|\\$)*)(?:"|$)|`((?:[^`\\]|\\.|\\$)*)(?:`|$))|[{}[\](),:+]|[^\s'"`{}[\](),:+]+/gsy
  pattern.lastIndex = at
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [all, prefix = '', single, double, back] = found
    yield { all, prefix, quoted: single ?? double ?? back, to: pattern.lastIndex }
  }
}

/** Takes a piece into what is open; every object that it closes is added to a list. */
function take(stack: Open[], { all, prefix, quoted }: Token, found: PrintedObject[]): void {
  const open = stack[stack.length - 1]
  if (!open) stack.push(opened(all))
  else if (quoted !== undefined) takeText(open, unquoted(prefix, quoted))
  else if (/^[{}[\](),:+]$/.test(all)) {
    const closed = takeMark(stack, all)
    if (closed?.isObject) found.push(closed.entries)
  } else if (/\S/.test(all)) takeWord(open, all)
}

/** Reads from a brace to where it is closed, or the text ends, and answers with that place. */
function readFrom(text: string, at: number, found: PrintedObject[]): number {
  const stack: Open[] = []
  for (const token of tokensOf(text, at)) {
    take(stack, token, found)
    if (stack.length === 0) return token.to
  }
  // The text ends before they are closed.
  const end = { all: '}', prefix: '', quoted: undefined, to: text.length }
  while (stack.length > 0) take(stack, end, found)
  return text.length
}

/**
 * The objects in a text, each behind those that it holds: JSON, and what Python's `repr` and Node's
 * `util.inspect` print. What is cut off, or is none of these, is read as far as it goes.
 */
export function objectsIn(whole: string): readonly PrintedObject[] {
  const text = whole.slice(0, MOST_OF_TEXT)
  const found: PrintedObject[] = []
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at))
    at = readFrom(text, at, found)
  return found
}
