import type { Refused } from '../model/refusal.ts'
import type { Shown } from './aws-shown.ts'

/** What an answer says of a refusal for programs, beside AWS's code and a sentence. */
export type RefusalFields = Pick<Refused, 'reason' | 'about'>

/**
 * The fields in which an answer states a refusal: `reason`, `header`, `parameter`, `part`; none of a
 * wrong signature, which AWS's own words state.
 */
export const formatRefusal = ({ reason, about }: Shown): Readonly<Record<string, string>> =>
  reason === 'signature-mismatch' ? {} : { reason, ...about }

/** Reads what {@link formatRefusal} has written; undefined where an answer states no refusal. */
export function parseRefusal(fieldOf: (name: string) => unknown): RefusalFields | undefined {
  const fields: Record<string, string> = {}
  for (const name of ['reason', 'header', 'parameter', 'part']) {
    const field = fieldOf(name)
    if (typeof field === 'string' && /^[\w-]{1,100}$/.test(field)) fields[name] = field
  }
  const { reason, ...about } = fields
  return reason === undefined ? undefined : ({ reason, about } as RefusalFields)
}
