import type { Difference } from 'countersign'
import type { Line, Sent } from '../trace/model.ts'
import { requestLines } from '../trace/request-parts.ts'
import { differing } from './differing.ts'
import type { Character, Row } from './text-block.ts'

/** Marks the characters that differ, and the places where the other side has some more. */
function marked(
  characters: readonly Character[],
  differs: readonly boolean[],
  gaps: ReadonlySet<number>,
): Pick<Row, 'characters' | 'gaps'> {
  let at = 0
  const places = new Set<number>()
  const all = characters.map((character, index) => {
    const end = at + character.piece.text.length
    const marks = differs.slice(at, end)
    if (gaps.has(at)) places.add(index)
    at = end
    return marks.includes(true) ? { ...character, differs: true } : character
  })
  if (gaps.has(at)) places.add(all.length)
  return { characters: all, gaps: places }
}

/** A line of the other side; it is not traced. */
const theirRow = (theirs: string, ours: string, place: string): Row => {
  const found = differing(ours, theirs)
  const characters = Array.from(theirs, (text) => ({
    piece: { text, from: [], why: 'what the other side has' },
    ...{ part: '', start: 0, place },
  }))
  return { label: '', side: 'theirs', ...marked(characters, found.theirs, found.gaps.theirs) }
}

/** The lines of a stage as rows, with the other side's reading under each that differs. */
export function stageRows(
  part: string,
  title: string,
  lines: readonly Line[],
  differences: readonly Difference[] = [],
  other = '',
): Row[] {
  let start = 0
  return lines.flatMap(({ label, pieces }, at): Row[] => {
    const place = `line ${at + 1} of the ${title}`
    const characters = pieces.map((piece): Character => {
      const from = start
      start += piece.text.length
      return { piece, part, start: from, place }
    })
    start++
    const text = pieces.map((piece) => piece.text).join('')
    const here = differences.filter(({ line }) => line === at + 1)
    const changed = here.find(({ ours }) => ours !== '' || text === '')
    const alone = here
      .filter((difference) => difference !== changed)
      .map(({ theirs }) => theirRow(theirs, '', `${place}, ${other}`))
    if (!changed) return [...alone, { label, side: 'both', characters }]
    const { theirs } = changed
    const below = theirs === '' ? [] : [theirRow(theirs, text, `${place}, ${other}`)]
    const found = differing(text, theirs)
    const ours = marked(characters, found.ours, found.gaps.ours)
    return [...alone, { label, side: 'ours', ...ours }, ...below]
  })
}

/** Of a longer body, its beginning is shown. */
const MOST_OF_BODY = 600

const ROOT = { from: [], why: '' } as const

/** The request as rows: a character each, so that each can be pointed at. */
export function requestRows(sent: Sent): Row[] {
  return requestLines(sent).flatMap(({ parts }, at): Row[] => {
    const [first] = parts
    const isBody = typeof first === 'object' && first.id === 'body'
    if (isBody && sent.body === '') return []
    const characters = parts.flatMap((part): Character[] => {
      if (typeof part === 'string')
        return [{ piece: { text: part, ...ROOT }, part: '', start: 0, place: 'the request' }]
      const { id, name, text } = part
      if (isBody) return [bodyCharacter(text)]
      return Array.from(text.matchAll(/./gsu), ({ 0: character, index }) => ({
        piece: { text: character, ...ROOT },
        ...{ part: id, start: index, place: name },
      }))
    })
    const label = at === 0 ? 'request' : isBody ? 'body' : at === 1 ? 'headers' : ''
    return [{ label, side: 'both', characters }]
  })
}

/** The body is one: its hash is made of all of it. */
function bodyCharacter(text: string): Character {
  const shown = text.length > MOST_OF_BODY ? `${text.slice(0, MOST_OF_BODY)}…` : text
  return { piece: { text: shown, ...ROOT }, part: 'body', start: 0, place: 'the body' }
}
