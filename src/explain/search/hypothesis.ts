import { once } from '../../lib/remembered.ts'
import type { Parts } from '../case/parts.ts'
import type { Fault } from '../diagnosis.ts'
import type { MismatchCause } from '../types.ts'

/** One likely mistake: what the signer may have done instead. Its detail holds no secret. */
export interface Hypothesis extends Fault {
  /** What it undoes beside. */
  readonly also?: Fault | undefined
  change(parts: Parts): Parts
}

/** All that hypotheses undo. */
export const faultsOf = (hypotheses: readonly Hypothesis[]): Fault[] =>
  hypotheses.flatMap((it) => (it.also ? [it, it.also] : [it]))

/** What a part of the canonical request may have been; it is made when it is tried, and once. */
export const madeOnce =
  (part: 'path' | 'query') =>
  (cause: MismatchCause, make: () => string, detail?: string): Hypothesis => {
    const text = once(make)
    return { cause, detail, change: (parts) => ({ ...parts, [part]: text() }) }
  }

/** The likely mistakes of one part of what is signed, the likeliest first; made as they are tried. */
export type Kind = Iterable<Hypothesis>

/** A list that is made as far as it is looked at, and once, however often it is. */
export function lazily<T>(made: Iterable<T>): Iterable<T> {
  const rest = made[Symbol.iterator]()
  const found: T[] = []
  return {
    *[Symbol.iterator]() {
      for (let at = 0; ; at++) {
        if (at === found.length) {
          const { done, value } = rest.next()
          if (done) return
          found.push(value)
        }
        yield found[at] as T
      }
    },
  }
}
