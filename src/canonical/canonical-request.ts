import { canonicalHeaders, type HeaderFields } from './headers.ts'

/**
 * The six parts of the canonical request, joined by newlines.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export const formatCanonicalRequest = (
  method: string,
  canonicalPath: string,
  canonicalQuery: string,
  headers: HeaderFields,
  names: readonly string[],
  signedHeaders: string,
  host: string,
  payloadHash: string,
): string =>
  `${method}\n${canonicalPath}\n${canonicalQuery}\n${canonicalHeaders(headers, names, host)}\n${signedHeaders}\n${payloadHash}`

/** The string to sign of a request: algorithm, date, scope and the canonical request's hash, a line each. */
export const formatStringToSign = (
  algorithm: string,
  amzDate: string,
  credentialScope: string,
  hash: string,
): string => `${algorithm}\n${amzDate}\n${credentialScope}\n${hash}`
