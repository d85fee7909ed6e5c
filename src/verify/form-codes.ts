import type { FormRefusalReason } from '../model/post.ts'
import type { Shown } from './aws-shown.ts'

/** What S3 calls each reason that forms alone are refused for. */
const CODES: Readonly<Record<FormRefusalReason, string>> = {
  'invalid-policy': 'InvalidPolicyDocument',
  'condition-failed': 'AccessDenied',
  'field-not-covered': 'AccessDenied',
  'field-repeated': 'InvalidArgument',
  'fields-too-large': 'MaxPostPreDataLengthExceeded',
  'missing-file': 'IncorrectNumberOfFilesInPostRequest',
}

/**
 * S3's code for a form that is refused as no request is; undefined where it is refused as one.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export function formCode({ reason, condition, size }: Shown): string | undefined {
  const [operator, least] = Array.isArray(condition) ? condition : []
  if (size !== undefined && operator === 'content-length-range')
    return size < Number(least) ? 'EntityTooSmall' : 'EntityTooLarge'
  return Object.hasOwn(CODES, reason) ? CODES[reason as FormRefusalReason] : undefined
}
