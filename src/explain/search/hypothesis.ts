import type { Parts } from '../case/parts.ts'
import type { Fault } from '../diagnosis.ts'

/** One likely mistake: what the signer may have done instead. Its detail holds no secret. */
export interface Hypothesis extends Fault {
  change(parts: Parts): Parts
}

/** The likely mistakes of one part of what is signed, the likeliest first. */
export type Kind = readonly Hypothesis[]
