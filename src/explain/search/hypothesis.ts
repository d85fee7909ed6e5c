import type { Parts } from '../case/parts.ts'
import type { Fault } from '../diagnosis.ts'

/** One likely mistake: what the signer may have done instead. Its detail holds no secret. */
export interface Hypothesis extends Fault {
  /** What it undoes beside. */
  readonly also?: Fault | undefined
  change(parts: Parts): Parts
}

/** All that hypotheses undo. */
export const faultsOf = (hypotheses: readonly Hypothesis[]): Fault[] =>
  hypotheses.flatMap((it) => (it.also ? [it, it.also] : [it]))

/** The likely mistakes of one part of what is signed, the likeliest first. */
export type Kind = readonly Hypothesis[]
