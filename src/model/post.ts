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
  | 'missing-field'

/** Why a form is refused: as a request is, or for what its policy says. */
export type PostRefusalReason = RefusalReason | FormRefusalReason

/** A form that is refused, and why. */
export interface RefusedPost extends Omit<Refused, 'reason'> {
  /** Why, for programs: the message is for people. */
  readonly reason: PostRefusalReason
  /** S3's own code; absent where S3 has that of a request which is refused for the same reason. */
  readonly code?: string
  /** The condition of the policy that failed, as it is written there. */
  readonly condition?: PostCondition
  /** The field that no condition covers, that comes twice, or that is missing. */
  readonly field?: string
  /** Bytes of the file, where its size is what failed a condition. */
  readonly size?: number
}

/** What S3 calls each reason that forms alone are refused for. */
const CODES: Readonly<Record<FormRefusalReason, string>> = {
  'invalid-policy': 'InvalidPolicyDocument',
  'condition-failed': 'AccessDenied',
  'field-not-covered': 'AccessDenied',
  'field-repeated': 'InvalidArgument',
  'fields-too-large': 'MaxPostPreDataLengthExceeded',
  'missing-file': 'IncorrectNumberOfFilesInPostRequest',
  'missing-field': 'InvalidArgument',
}

const codeOf = (reason: FormRefusalReason, { condition, size }: PostFault): string =>
  size === undefined || !Array.isArray(condition)
    ? CODES[reason]
    : size < Number(condition[1])
      ? 'EntityTooSmall'
      : 'EntityTooLarge'

/** What a refusal of a form is about. */
type PostFault = Pick<RefusedPost, 'condition' | 'field' | 'size'>

/**
 * S3's code for a form that is refused as no request is; undefined where it is refused as one.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export const formCodeOf = (
  refused: PostFault & { readonly reason: string; readonly code?: string },
): string | undefined =>
  refused.code ??
  (Object.hasOwn(CODES, refused.reason)
    ? codeOf(refused.reason as FormRefusalReason, refused)
    : undefined)

/** A refusal for what a form or its policy says. */
export const refusePost = (
  reason: FormRefusalReason,
  message: string,
  status: number,
  more: PostFault = {},
): RefusedPost => ({ ok: false, reason, message, status, code: codeOf(reason, more), ...more })
