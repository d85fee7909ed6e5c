import { percentNormalize } from '../lib/percent.ts'

/** How a bare `+` is read: as a blank, as form decoders do, or as itself. */
export type Plus = 'space' | 'literal'

/**
 * The canonical query: each name and value in the one spelling, sorted by name and then by value,
 * after encoding, by code unit.
 */
export function canonicalQuery(query: string): string {
  if (query === '') return ''
  const parts: string[] = []
  let sorted = true
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    const value = equals < 0 ? '' : part.slice(equals + 1)
    // A blank sorts before every encoded character, as the end of a name does.
    const spelled = `${percentNormalize(name)} ${percentNormalize(value)}`
    if (part === '') continue
    sorted &&= spelled >= (parts[parts.length - 1] ?? '')
    parts.push(spelled)
  }
  if (!sorted) parts.sort()
  return parts.join('&').replaceAll(' ', '=')
}
