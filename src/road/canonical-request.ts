import { canonicalHeaders, type HeaderMap } from './headers.ts'
import { canonicalPath, type PathRules } from './path.ts'
import { canonicalQuery, type Plus } from './query.ts'

/** What of a request is signed, in wire spelling. */
export interface CanonicalParts {
  readonly method: string
  readonly path: string
  /** Without the signature itself. */
  readonly query: string
  readonly headers: HeaderMap
  readonly rules: PathRules
  readonly plus?: Plus | undefined
}

/**
 * The six parts of the canonical request, joined by newlines.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export const canonicalRequest = (
  { method, path, query, headers, rules, plus }: CanonicalParts,
  signedHeaders: readonly string[],
  payloadHash: string,
): string =>
  `${method}\n${canonicalPath(path, rules)}\n${canonicalQuery(query, plus)}\n${canonicalHeaders(headers, signedHeaders)}\n${signedHeaders.join(';')}\n${payloadHash}`
