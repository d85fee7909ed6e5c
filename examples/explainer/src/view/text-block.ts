import type { Piece } from '../trace/model.ts'
import { el, visible } from './dom.ts'
import type { Threads } from './threads.ts'
import { walk } from './walk.ts'

/** A character of a row, or a few that are one. */
export interface Character {
  readonly piece: Piece
  /** The part that it belongs to, and its place there. */
  readonly part: string
  readonly start: number
  /** Where it stands, in words. */
  readonly place: string
  readonly differs?: boolean
}

/** A row of a stage: a line, or the other side's reading of the line above it. */
export interface Row {
  readonly label: string
  readonly side: 'both' | 'ours' | 'theirs'
  readonly characters: readonly Character[]
  /** Where the other side has characters that this one has not. */
  readonly gaps?: ReadonlySet<number>
}

const SIGNS: Readonly<Record<Row['side'], string>> = { both: '', ours: '−', theirs: '+' }

const gap = (): HTMLElement =>
  el('span', { class: 'gap', role: 'img', 'aria-label': 'nothing here' })

function textOf({ characters, gaps }: Row, ties: Threads): HTMLElement {
  const text = el('span', { class: 'characters' })
  for (const [at, { piece, part, start, place, differs }] of characters.entries()) {
    if (gaps?.has(at)) text.append(gap())
    const element = el('span', { class: differs ? 'c differs' : 'c' }, visible(piece.text))
    ties.tie({ element, part, start, end: start + piece.text.length, place, piece })
    text.append(element)
  }
  if (gaps?.has(characters.length)) text.append(gap())
  return text
}

/** Rows of characters that are walked with the arrow keys, hovered and tapped. */
export function textBlock(title: string, rows: readonly Row[], ties: Threads): HTMLElement {
  const lines = rows.map((row) => {
    const sign = el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[row.side])
    const label = el('span', { class: 'label' }, row.label)
    return el('div', { class: `line ${row.side}` }, label, sign, textOf(row, ties))
  })
  const block = el(
    'div',
    {
      class: 'text',
      tabindex: '0',
      role: 'group',
      'aria-label': `${title}: walk its characters with the arrow keys`,
    },
    ...lines,
  )
  walk(block, ties)
  return block
}
