import type { BodyFaultCode } from '../model/body-fault.ts'
import { formCodeOf } from '../model/post.ts'
import type { RefusalReason } from '../model/refusal.ts'
import type { Shown } from './aws-shown.ts'
import { BODY_ERRORS } from './body-errors.ts'

/** What the JSON and the query protocol call a refusal. */
const FAMILIES = {
  missing: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
  incomplete: ['IncompleteSignatureException', 'IncompleteSignature'],
  unknown: ['UnrecognizedClientException', 'InvalidClientTokenId'],
  expired: ['ExpiredTokenException', 'ExpiredToken'],
  signature: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
  denied: ['AccessDeniedException', 'AccessDenied'],
  invalid: ['ValidationException', 'ValidationError'],
  unavailable: ['ServiceUnavailableException', 'ServiceUnavailable'],
} as const

type Family = keyof typeof FAMILIES

/** What S3 calls each reason, and its family elsewhere. */
const CODES: Readonly<Record<RefusalReason, readonly [s3: string, family: Family]>> = {
  'missing-authentication': ['AccessDenied', 'missing'],
  'malformed-authorization': ['AuthorizationHeaderMalformed', 'incomplete'],
  'unsupported-algorithm': ['InvalidRequest', 'incomplete'],
  'scope-mismatch': ['AuthorizationHeaderMalformed', 'signature'],
  'unknown-access-key': ['InvalidAccessKeyId', 'unknown'],
  'invalid-session-token': ['InvalidToken', 'unknown'],
  'expired-session-token': ['ExpiredToken', 'expired'],
  'clock-skew': ['RequestTimeTooSkewed', 'signature'],
  expired: ['AccessDenied', 'signature'],
  'not-yet-valid': ['AccessDenied', 'signature'],
  'unsigned-headers': ['AccessDenied', 'signature'],
  'signed-header-missing': ['AccessDenied', 'signature'],
  'missing-payload-hash': ['InvalidRequest', 'signature'],
  'unsigned-payload': ['AccessDenied', 'signature'],
  'payload-mismatch': ['XAmzContentSHA256Mismatch', 'signature'],
  'signature-mismatch': ['SignatureDoesNotMatch', 'signature'],
  replayed: ['AccessDenied', 'denied'],
  'ambiguous-path': ['InvalidURI', 'invalid'],
  'host-mismatch': ['InvalidRequest', 'invalid'],
  'replay-store-failed': ['ServiceUnavailable', 'unavailable'],
}

/** What a refusal is called in each protocol. */
export interface AwsCodes {
  readonly s3: string
  readonly json: string
  readonly query: string
}

const named = (s3: string, family: Family): AwsCodes => {
  const [json, query] = FAMILIES[family]
  return { s3, json, query }
}

/**
 * Whether a refusal is of what a presigned URL says of its signature, for which S3 has a code of its
 * own; one of Version 2 says nothing of it.
 */
export const isOfQuery = ({ reason, placement, about }: Shown): boolean =>
  /^(malformed-authorization|unsupported-algorithm|scope-mismatch)$/.test(reason) &&
  about !== undefined &&
  (placement === 'query' || about.parameter !== undefined)

/** S3's code, where what a refusal is about gives it another than its reason. */
function codeOfPart(shown: Shown): string | undefined {
  const { reason, about: { header, part } = {} } = shown
  if (reason === 'invalid-checksum' && header === 'content-md5') return 'InvalidDigest'
  if (reason === 'payload-mismatch' && header === 'x-amz-content-sha256') return 'InvalidArgument'
  if (reason === 'unsupported-algorithm' && header === 'authorization') return 'InvalidArgument'
  if (reason === 'malformed-authorization' && part === 'placement') return 'InvalidArgument'
  if (reason === 'malformed-authorization' && part === 'url') return 'InvalidURI'
  return isOfQuery(shown) ? 'AuthorizationQueryParametersError' : undefined
}

/**
 * What AWS calls a refusal.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export function codesOf(shown: Shown): AwsCodes {
  const { reason, about } = shown
  const form = formCodeOf(shown)
  if (form) return named(form, 'denied')
  const special = codeOfPart(shown)
  if (Object.hasOwn(CODES, reason)) {
    const [s3, family] = CODES[reason as RefusalReason]
    const undated = reason === 'missing-authentication' && about?.part === 'date'
    return named(special ?? s3, undated ? 'incomplete' : family)
  }
  const [s3, status] = BODY_ERRORS[reason as BodyFaultCode]
  const code = special ?? s3
  // Elsewhere no body is sent so, and its faults have no other names.
  return status === 403 ? named(code, 'signature') : { s3: code, json: code, query: code }
}
