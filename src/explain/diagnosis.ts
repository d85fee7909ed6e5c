import type { Trace } from '../model/types.ts'
import type { Difference, MismatchCause } from './types.ts'

/** One thing that is wrong with a request, before it is put into words. */
export interface Fault {
  readonly cause: MismatchCause
  /** What it is about, in a few words. */
  readonly detail?: string | undefined
  /** In place of the cause's own sentence, which would say too much. */
  readonly message?: string
  /** What is said behind that sentence. */
  readonly beside?: string
}

/** What a step knows of a request, as data; to be shown, it must be hidden what must not be. */
export interface Diagnosis {
  /** The one to mend first comes first; none where the signature matches. */
  readonly faults: readonly Fault[]
  readonly certain: boolean
  /** What is said where nothing is wrong with the signature. Default: that it matches. */
  readonly message?: string | undefined
  /** What to do then. Default: nothing. */
  readonly advice?: string | undefined
  /** Default: what is read here. */
  readonly ours?: Omit<Trace, 'signature'> | undefined
  readonly theirs?: Partial<Omit<Trace, 'signature'>> | undefined
  readonly differences?: readonly Difference[]
}

/** That one thing is wrong. */
export const oneFault = (
  cause: MismatchCause,
  detail?: string,
  certainty: 'certain' | 'likely' = 'certain',
): Diagnosis => ({ faults: [{ cause, detail }], certain: certainty === 'certain' })
