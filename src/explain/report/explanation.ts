import type { Trace } from '../../model/types.ts'
import type { Explanation, MismatchCause } from '../types.ts'
import { CAUSES } from './causes.ts'
import type { Hide } from './hide.ts'
import { report, type Side } from './report.ts'

/** What goes with the causes, as it was found: it is hidden here what must not be shown. */
export interface Told {
  readonly ours?: Explanation['ours'] | undefined
  readonly theirs?: Explanation['theirs'] | undefined
  readonly differences?: Explanation['differences']
  readonly detail?: string | undefined
  /** Default: that of the cause. */
  readonly message?: string
}

/** Makes an explanation; without a cause, that the signature matches. */
export type Tell = (causes: readonly MismatchCause[], certain: boolean, told: Told) => Explanation

function hidden<Shown extends Partial<Omit<Trace, 'signature'>>>(trace: Shown, hide: Hide): Shown {
  const { canonicalRequest, stringToSign, credentialScope, signedHeaders } = trace
  const shown: Partial<Omit<Trace, 'signature'>> = {
    ...(canonicalRequest !== undefined && { canonicalRequest: hide(canonicalRequest) }),
    ...(stringToSign !== undefined && { stringToSign: hide(stringToSign) }),
    ...(credentialScope !== undefined && { credentialScope: hide(credentialScope) }),
    ...(signedHeaders !== undefined && { signedHeaders }),
  }
  return shown as Shown
}

/** Explanations for one side, without what must not be shown. */
export const telling =
  (side: Side, hide: Hide): Tell =>
  (causes, certain, { detail, differences = [], ours, theirs, ...told }) => {
    const [cause] = causes
    const [general, advice] = cause
      ? CAUSES[cause]
      : ['The signature matches.', 'Nothing is to be done.']
    const { message = general } = told
    const about = detail && hide(detail.replace(/\.$/, '')).slice(0, 300)
    const explanation = {
      matches: cause === undefined,
      ...(cause && { cause }),
      causes,
      certain,
      message: about ? `${message} (${about})` : message,
      advice,
      ...(ours && { ours: hidden(ours, hide) }),
      ...(theirs && { theirs: hidden(theirs, hide) }),
      differences: differences.map((it) => ({
        ...it,
        ours: hide(it.ours),
        theirs: hide(it.theirs),
      })),
    }
    return Object.defineProperty(explanation, 'toString', {
      value: () => report(explanation, side),
    }) as Explanation
  }
