import type { Origin, Piece } from '../trace/model.ts'
import { named } from './dom.ts'

/** A character on the page, and what it is a character of. */
export interface Knot {
  readonly element: HTMLElement
  readonly part: string
  readonly start: number
  readonly end: number
  /** Where it stands, in words: `the path`, `line 2 of the canonical request`. */
  readonly place: string
  readonly piece: Piece
}

/** Which characters on the page come from which. */
export interface Threads {
  tie(knot: Knot): void
  /** Lights a character, what it came from and what came of it; nothing where there is none. */
  light(element: Element | undefined): void
  /** Lights a character, and keeps it lit while others are pointed at for a moment. */
  pin(element: Element | undefined): void
  /** Back to what is pinned. */
  rest(): void
}

const overlaps = (origin: Origin, { part, start, end }: Origin): boolean =>
  origin.part === part && origin.start < end && start < origin.end

/** Joins the texts of origins that stand side by side. */
function sources(knots: readonly Knot[]): string {
  const places = new Map<string, string>()
  for (const { place, piece } of knots) places.set(place, (places.get(place) ?? '') + piece.text)
  return [...places].map(([place, text]) => `${named(text)} in ${place}`).join(', and ')
}

function sentence({ place, piece }: Knot, from: readonly Knot[], to: readonly Knot[]): string {
  const text = named(piece.text)
  const parts: string[] = []
  if (from.length > 0) parts.push(`${text} in ${place} comes from ${sources(from)}: ${piece.why}.`)
  else if (piece.why) parts.push(`${text} in ${place}: ${piece.why}.`)
  if (to.length > 0)
    parts.push(`${from.length > 0 ? 'It' : `${text} in ${place}`} goes into ${sources(to)}.`)
  return parts.join(' ') || `${text} in ${place} is not signed.`
}

/** Keeps the threads, and tells each that is lit in a sentence. */
export function threads(tell: (sentence: string) => void): Threads {
  const knots: Knot[] = []
  const byElement = new Map<Element, Knot>()
  let shown: HTMLElement[] = []
  let lit: Element | undefined
  let pinned: Element | undefined
  const show = (elements: readonly Knot[], name: string) => {
    for (const { element } of elements) {
      element.classList.add(name)
      shown.push(element)
    }
  }
  const light = (element: Element | undefined) => {
    if (element === lit) return
    for (const old of shown) old.classList.remove('lit', 'origin', 'outcome')
    shown = []
    lit = element
    const knot = element && byElement.get(element)
    if (!knot) return tell('')
    const from = knots.filter((other) => knot.piece.from.some((it) => overlaps(it, other)))
    const to = knots.filter((other) => other.piece.from.some((it) => overlaps(it, knot)))
    show(from, 'origin')
    show(to, 'outcome')
    show([knot], 'lit')
    tell(sentence(knot, from, to))
  }
  return {
    light,
    pin(element) {
      pinned = element
      light(element)
    },
    rest: () => light(pinned),
    tie(knot) {
      knots.push(knot)
      byElement.set(knot.element, knot)
    },
  }
}
