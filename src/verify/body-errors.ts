import type { BodyFaultCode } from '../model/body-fault.ts'

/**
 * What S3 answers to each fault of a body.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const BODY_ERRORS: Readonly<
  Record<BodyFaultCode, readonly [code: string, status: 400 | 403 | 411]>
> = {
  'body-limit': ['EntityTooLarge', 400],
  'checksum-mismatch': ['BadDigest', 400],
  'chunk-limit': ['InvalidRequest', 400],
  'chunk-mismatch': ['SignatureDoesNotMatch', 403],
  'invalid-checksum': ['InvalidRequest', 400],
  'invalid-chunk': ['IncompleteBody', 400],
  'length-mismatch': ['IncompleteBody', 400],
  'missing-length': ['MissingContentLength', 411],
  'payload-mismatch': ['XAmzContentSHA256Mismatch', 400],
  'small-chunk': ['InvalidChunkSizeError', 400],
  'trailer-mismatch': ['MalformedTrailerError', 400],
  'unknown-checksum': ['InvalidRequest', 400],
}
