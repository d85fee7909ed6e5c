/** A change of the code that no test can tell, as it changes nothing that can be seen. */
export interface Equivalent {
  readonly file: string
  /** The code that is replaced. */
  readonly code: string
  readonly by: string
  readonly why: string
}

/** Survivors that were read and found to be no faults; each is told where it no longer fits. */
export const EQUIVALENTS: readonly Equivalent[] = []
