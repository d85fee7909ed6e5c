import { DEEPEST, WRITTEN } from '../limits.ts'

/** How deep a JSON text is nested, and how many blanks it has with a line for each value and a blank for each level. */
function nestingOf(json: string): { readonly deepest: number; readonly blanks: number } {
  let depth = 0
  let deepest = 0
  let blanks = 0
  let isQuoted = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at] as string
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted && character === '\\') at++
    else if (!isQuoted && '[{,]}'.includes(character)) {
      if ('[{'.includes(character)) deepest = Math.max(deepest, ++depth)
      blanks += depth
      if (']}'.includes(character)) depth--
    }
  }
  return { deepest, blanks }
}

/**
 * JSON in the spellings of JavaScript and of Python; nothing of a text that is none, or is nested
 * deeper than parsers go, and no lines of one that their indentation would make many times as long.
 */
export function* jsonSpellings(text: string): Iterable<string> {
  const { deepest, blanks } = nestingOf(text)
  if (deepest > DEEPEST) return
  const isShort = (indent: number) => text.length + indent * blanks <= WRITTEN
  try {
    const value: unknown = JSON.parse(text)
    yield JSON.stringify(value)
    for (const indent of [2, 4]) if (isShort(indent)) yield JSON.stringify(value, null, indent)
    if (!isShort(1)) return
    // Python's and others' separators.
    yield JSON.stringify(value, null, 1)
      .replace(/\n */g, ' ')
      .replace(/([{[]) | ([}\]])/g, '$1$2')
  } catch {}
}
