import { fail } from '../model/errors.ts'
import type { RefusalReason } from '../model/refusal.ts'
import { keeps, type Policy, type PostCondition, type SizeCondition } from './policy-conditions.ts'

/** Why a form is refused: as a request is, or for what its policy says. */
export type PostRefusalReason =
  | RefusalReason
  | 'invalid-policy'
  | 'condition-failed'
  | 'field-not-covered'
  | 'field-repeated'

/** A form that is refused, and why. */
export interface RefusedPost {
  /** False: the file must not be stored. Tells this from a `VerifiedPost`. */
  readonly ok: false
  /** Why, for programs: the message is for people. */
  readonly reason: PostRefusalReason
  /** A sentence for the developer, in S3's words where the policy is the reason; it holds no secret. */
  readonly message: string
  /** The HTTP status that S3 answers with. */
  readonly status: number
  /** The condition of the policy that failed, as it is written there. */
  readonly condition?: PostCondition
  /** The field that no condition covers, or that comes twice. */
  readonly field?: string
}

/** A refusal for what the policy says. */
export const refusePost = (
  reason: PostRefusalReason,
  message: string,
  status: number,
  more?: Pick<RefusedPost, 'condition' | 'field'>,
): RefusedPost => ({ ok: false, reason, message, status, ...more })

const TOKEN = 'x-amz-security-token'
const EXEMPT = /^(file|policy|x-amz-signature|x-ignore-.*)$/s

function checkSize(
  { least, most, written }: SizeCondition,
  size: number | 'deferred',
): RefusedPost | undefined {
  if (size === 'deferred' || (size >= least && size <= most)) return undefined
  const [word, bound] = size < least ? ['smaller', 'minimum'] : ['larger', 'maximum']
  const message = `Your proposed upload is ${word} than the ${bound} allowed size: ${size} bytes.`
  return refusePost('condition-failed', message, 400, { condition: written })
}

/** The condition that a form fails, or the field that none covers. */
export function checkPolicy(
  { conditions }: Policy,
  fields: ReadonlyMap<string, string>,
  size: number | 'deferred' | undefined,
): RefusedPost | undefined {
  const covered = new Set<string>()
  for (const condition of conditions) {
    if (condition.operator === 'content-length-range') {
      const known = size ?? fail('invalid-options', "contentLength, or 'deferred'")
      const refused = checkSize(condition, known)
      if (refused) return refused
      continue
    }
    const { field, operator } = condition
    covered.add(field)
    if (keeps(condition, fields.get(field) ?? '')) continue
    const shown = [operator, `$${field}`, field === TOKEN ? '…' : condition.value] as const
    return refusePost(
      'condition-failed',
      `Invalid according to Policy: Policy Condition failed: ${JSON.stringify(shown)}`,
      403,
      { condition: field === TOKEN ? (shown as PostCondition) : condition.written },
    )
  }
  for (const field of fields.keys())
    if (!covered.has(field) && !EXEMPT.test(field))
      return refusePost(
        'field-not-covered',
        `Invalid according to Policy: Extra input fields: ${field}`,
        403,
        { field },
      )
  return undefined
}

/** The range that all of a policy's conditions leave to the file's size. */
export function sizeRange({ conditions }: Policy): readonly [number, number] | undefined {
  const ranges = conditions.filter((it) => it.operator === 'content-length-range')
  return ranges.length > 0
    ? [Math.max(...ranges.map(({ least }) => least)), Math.min(...ranges.map(({ most }) => most))]
    : undefined
}
