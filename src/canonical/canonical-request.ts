/** A canonical request, part by part. */
export interface CanonicalParts {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Lines by header name, in the order of `signedHeaders`. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly signedHeaders: string
  readonly payloadHash: string
}

/**
 * The six parts of the canonical request, joined by newlines; each header's line ends with one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export const formatCanonicalRequest = (
  ...parts: readonly [
    method: string,
    path: string,
    query: string,
    headerLines: string,
    signedHeaders: string,
    payloadHash: string,
  ]
): string => parts.join('\n')

const fieldOfLine = (line: string): CanonicalParts['headers'][number] => {
  const colon = line.indexOf(':')
  return [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1)]
}

/** The parts of a canonical request; undefined where it is none. */
export function parseCanonicalRequest(canonicalRequest: string): CanonicalParts | undefined {
  const lines = canonicalRequest.split('\n')
  const [method = '', path = '', query = ''] = lines
  const [end, signedHeaders = '', payloadHash = ''] = lines.slice(-3)
  return lines.length < 6 || end !== ''
    ? undefined
    : {
        ...{ method, path, query, signedHeaders, payloadHash },
        headers: lines.slice(3, -3).map(fieldOfLine),
      }
}

/** The string to sign of a request: algorithm, date, scope and the canonical request's hash, a line each. */
export const formatStringToSign = (
  ...parts: readonly [algorithm: string, amzDate: string, credentialScope: string, hash: string]
): string => parts.join('\n')
