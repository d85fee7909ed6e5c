import { codeOf, escaped, isUnseen } from '../../lib/visible.ts'
import { firstDifference } from '../case/differences.ts'

/** The longest line that is shown whole. */
const WIDTH = 110

/** How much of a longer one is shown before the character in question. */
const BEFORE = 40

/** Each character as it is shown: what cannot be seen as its code, blanks at an end or in a row as dots. */
function visibly(text: string): string[] {
  const isBlank = (at: number) => at < 0 || at >= text.length || text[at] === ' '
  return Array.from({ length: text.length }, (_, at) => {
    const character = text[at] as string
    if (character === ' ' && (isBlank(at - 1) || isBlank(at + 1))) return '\u00b7'
    // Both units of a pair, of which the second alone tells nothing.
    return isUnseen(character) || text[at - 1] === '\udb40' ? escaped(character) : character
  })
}

/** Where a line that is too long is cut, so that a place in it is seen. */
const startOf = (length: number, at: number): number =>
  length <= WIDTH || at <= WIDTH - 20 ? 0 : at - BEFORE

function cut(text: string, from: number): string {
  const to = Math.min(text.length, from + WIDTH)
  const part = visibly(text.slice(from, to)).join('')
  return `${from > 0 ? '\u2026' : ''}${part}${to < text.length ? '\u2026' : ''}`
}

/** A line with what cannot be seen made visible, and shortened around a place where it is long. */
export const shown = (text: string, at = 0): string => cut(text, startOf(text.length, at))

/** What a single character is called. */
function named(text: string, at: number): string {
  const character = text[at]
  if (character === undefined) return 'the end'
  if (character === ' ') return 'a blank'
  if (character === '\t') return 'a tab'
  if (isUnseen(character)) return `U+${codeOf(character)}`
  return /[!-~]/.test(character) ? `"${character}"` : `"${character}" U+${codeOf(character)}`
}

/** Two lines, one below the other, with the first character that differs marked and named. */
export function marked(ours: string, theirs: string, labels: readonly [string, string]): string[] {
  const at = firstDifference(ours, theirs)
  // Both are cut at the same place, or the mark would stand under one alone.
  const from = startOf(Math.max(ours.length, theirs.length), at)
  const width = Math.max(...labels.map((label) => label.length)) + 2
  const lines = [ours, theirs].map(
    (text, index) => `  ${(labels[index] as string).padEnd(width)}${cut(text, from)}`,
  )
  const before = visibly(ours.slice(from, at)).join('').length + (from > 0 ? 1 : 0)
  const indent = ' '.repeat(2 + width)
  return ours === theirs
    ? [...lines, `${indent}The values differ, and are not shown.`]
    : [...lines, `${indent}${' '.repeat(before)}^ ${named(ours, at)} / ${named(theirs, at)}`]
}
