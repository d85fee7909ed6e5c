import type { RefusalReason, Refused } from './refusal.ts'

/** A condition of a POST policy, as S3 writes it: `{ acl: 'private' }` is short for `eq`. */
export type PostCondition =
  | readonly ['eq' | 'starts-with', field: `$${string}`, value: string]
  | readonly ['content-length-range', least: number, most: number]
  | Readonly<Record<string, string>>

/** Why a form is refused, beside the reasons that a request may be refused for. */
export type FormRefusalReason =
  | 'invalid-policy'
  | 'condition-failed'
  | 'field-not-covered'
  | 'field-repeated'
  | 'fields-too-large'
  | 'missing-file'

/** Why a form is refused: as a request is, or for what its policy says. */
export type PostRefusalReason = RefusalReason | FormRefusalReason

/** A form that is refused, and why. */
export interface RefusedPost extends Omit<Refused, 'reason'> {
  /** Why, for programs: the message is for people. */
  readonly reason: PostRefusalReason
  /** The condition of the policy that failed, as it is written there. */
  readonly condition?: PostCondition
  /** The field that no condition covers, or that comes twice. */
  readonly field?: string
  /** Bytes of the file, where its size is what failed a condition. */
  readonly size?: number
}

/** A refusal for what a form or its policy says. */
export const refusePost = (
  reason: FormRefusalReason,
  message: string,
  status: number,
  more?: Pick<RefusedPost, 'condition' | 'field' | 'size'>,
): RefusedPost => ({ ok: false, reason, message, status, ...more })
