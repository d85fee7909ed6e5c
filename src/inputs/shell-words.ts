import { toBytes } from '../lib/bytes.ts'
import { wellFormed } from '../lib/utf8.ts'
import { visibleLines } from '../lib/visible.ts'

const ANSI: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' },
}

/** The character of a code point in hex; U+FFFD stands for what is none, as is half of a surrogate pair. */
function characterOf(hex: string): string {
  const code = Number.parseInt(hex, 16)
  return code > 0x10ffff ? '\ufffd' : wellFormed(String.fromCodePoint(code))
}

/** What stands in `$'…'`: browsers copy a request as curl with it. */
const unescapeAnsi = (text: string): string =>
  text
    // Several bytes may be one character, and so they are read together.
    .replace(/(?:\\x[\da-f]{1,2}|\\[0-7]{1,3})+/gi, (run) => {
      const bytes = run.split('\\').slice(1)
      const values = bytes.map((byte) =>
        /^x/i.test(byte) ? Number.parseInt(byte.slice(1), 16) : Number.parseInt(byte, 8),
      )
      return new TextDecoder().decode(Uint8Array.from(values))
    })
    .replace(
      /\\(?:u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8})|(.))/gs,
      (_, short?: string, long?: string, character = '') =>
        (short ?? long) ? characterOf(short ?? long ?? '') : (ANSI[character] ?? character),
    )

const WORD =
  /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\\r?\n|\\(.)|([^\s'"\\$]+|\$)|(\s+)/gsy

/**
 * The words of a command line as a POSIX shell splits them, `$'…'` of bash included; nothing is
 * expanded. Undefined where a quotation is not closed.
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  for (const found of line.matchAll(WORD)) {
    const [all, ansi, single, double, escaped, bare, blank] = found
    at += all.length
    if (blank !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (ansi !== undefined) word = (word ?? '') + unescapeAnsi(ansi)
    else if (double !== undefined)
      word = (word ?? '') + double.replace(/\\\r?\n/g, '').replace(/\\([$`"\\])/g, '$1')
    else if (single ?? escaped ?? bare) word = (word ?? '') + (single ?? escaped ?? bare)
    else if (single === '') word ??= ''
  }
  if (word !== undefined) words.push(word)
  return at === line.length ? words : undefined
}

/** A word for a shell; one that holds what cannot be seen as `$'…'`, byte by byte where that stands. */
export function quoted(text: string): string {
  if (visibleLines(text) === text) return `'${text.replaceAll("'", `'\\''`)}'`
  const bytes = (character: string) =>
    Array.from(toBytes(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  const characters = Array.from(text.replace(/[\\']/g, '\\$&'), (character) =>
    visibleLines(character) === character ? character : bytes(character),
  )
  return `$'${characters.join('')}'`
}
