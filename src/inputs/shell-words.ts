const ANSI: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v' },
}

/** What stands in `$'…'`: browsers copy a request as curl with it. */
const unescapeAnsi = (text: string): string =>
  text.replace(
    /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|([0-7]{1,3})|(.))/gis,
    (_, hex?: string, unicode?: string, octal?: string, character = '') => {
      if (hex ?? unicode) return String.fromCharCode(Number.parseInt(hex ?? unicode ?? '', 16))
      return octal ? String.fromCharCode(Number.parseInt(octal, 8)) : (ANSI[character] ?? character)
    },
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
