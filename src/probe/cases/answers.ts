/** A word for what AWS answers. */
export type Answer =
  | 'signature'
  | 'malformed'
  | 'malformed query'
  | 'argument'
  | 'request'
  | 'scope'
  | 'scope of query'
  | 'unknown key'
  | 'token'
  | 'skewed'
  | 'denied'
  | 'digest'
  | 'invalid digest'
  | 'hash'
  | 'incomplete'
  | 'malformed trailer'
  | 'policy'
  | 'too large'
  | 'too small'
  | 'uri'
  | 'refusal'

/** What AWS answers to a request that it refuses: as S3 does, and the codes of other services. */
interface Answers {
  /** Status and code. */
  readonly s3: readonly string[]
  /** Codes, without the `Exception` behind some; the status is 400 or 403, as the protocol has it. */
  readonly others: readonly string[]
}

const SIGNATURE = ['InvalidSignature', 'SignatureDoesNotMatch']
const MALFORMED = ['IncompleteSignature', 'MissingAuthenticationToken', 'MissingAuthentication']
const MISSING = ['MissingAuthenticationToken', 'Forbidden', 'AccessDenied', 'IncompleteSignature']

/**
 * The answers by a word, which a case names.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 * @see https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html
 */
const ANSWERS: Readonly<Record<Answer, Answers>> = {
  signature: { s3: ['403 SignatureDoesNotMatch'], others: SIGNATURE },
  malformed: { s3: ['400 AuthorizationHeaderMalformed'], others: MALFORMED },
  'malformed query': { s3: ['400 AuthorizationQueryParametersError'], others: MALFORMED },
  argument: { s3: ['400 InvalidArgument'], others: [...MALFORMED, ...SIGNATURE] },
  request: { s3: ['400 InvalidRequest'], others: [...MALFORMED, ...SIGNATURE] },
  scope: { s3: ['400 AuthorizationHeaderMalformed'], others: SIGNATURE },
  'scope of query': { s3: ['400 AuthorizationQueryParametersError'], others: SIGNATURE },
  'unknown key': {
    s3: ['403 InvalidAccessKeyId'],
    others: ['UnrecognizedClient', 'InvalidClientTokenId', 'InvalidAccessKeyId'],
  },
  token: { s3: ['400 InvalidToken'], others: ['UnrecognizedClient', 'InvalidClientTokenId'] },
  skewed: { s3: ['403 RequestTimeTooSkewed'], others: SIGNATURE },
  denied: { s3: ['403 AccessDenied'], others: [...SIGNATURE, ...MISSING] },
  digest: { s3: ['400 BadDigest'], others: SIGNATURE },
  'invalid digest': { s3: ['400 InvalidDigest'], others: SIGNATURE },
  hash: { s3: ['400 XAmzContentSHA256Mismatch'], others: SIGNATURE },
  incomplete: { s3: ['400 IncompleteBody'], others: SIGNATURE },
  'malformed trailer': { s3: ['400 MalformedTrailerError'], others: SIGNATURE },
  policy: { s3: ['403 AccessDenied', '400 InvalidPolicyDocument'], others: [] },
  'too large': { s3: ['400 EntityTooLarge'], others: [] },
  'too small': { s3: ['400 EntityTooSmall'], others: [] },
  uri: { s3: ['400 InvalidURI'], others: ['Validation', ...SIGNATURE] },
  // Of what no page of AWS says how it is refused.
  refusal: { s3: [], others: [] },
}

/** All answers of a case; none where any refusal is as good. */
export function answersOf(words: readonly Answer[], isS3: boolean): readonly string[] {
  if (words.includes('refusal')) return []
  return [
    ...new Set(words.flatMap((word): readonly string[] => ANSWERS[word][isS3 ? 's3' : 'others'])),
  ]
}
