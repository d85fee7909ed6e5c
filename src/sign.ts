import { sigv4 } from './algorithms/sigv4.ts'
import { resolveCredentials } from './credentials/resolve.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { type Steps, wait } from './lib/steps.ts'
import { formatAmzDate } from './lib/time.ts'
import { formatCanonicalRequest, formatStringToSign } from './road/canonical-request.ts'
import { readHeaders } from './road/headers.ts'
import { canonicalPath } from './road/path.ts'
import { isStream, readPayload } from './road/payload.ts'
import type { Placement } from './road/placement.ts'
import { withProfile } from './road/profile.ts'
import { formatScope } from './road/scope.ts'
import { readUrl } from './road/url.ts'
import type { AnyRequest, PresignOptions, SignedRequest } from './types.ts'

/** The road: request → canonical request → string to sign → signature → attached. */
export function* signing(
  request: AnyRequest,
  given: PresignOptions,
  platform: CryptoBackend,
  place: Placement,
  s3Payload?: string,
): Steps<SignedRequest<unknown>> {
  const options = withProfile(given)
  const { algorithm = sigv4, crypto = platform, signingDate = new Date() } = options
  const credentials = yield* resolveCredentials(options, signingDate)
  const amzDate = formatAmzDate(signingDate)
  const credentialScope = formatScope(amzDate, options)

  const method = (request.method ?? 'GET').toUpperCase()
  const url = readUrl(request.url, options)
  const headers = readHeaders(request.headers, url.host)
  const [payloadHash, body] = yield* readPayload(request, headers, options, s3Payload, crypto)
  const draft = { headers, query: url.query }
  const date = ['x-amz-date', amzDate] as const
  const token = credentials.sessionToken
    ? ([[options.sessionTokenName ?? 'x-amz-security-token', credentials.sessionToken]] as const)
    : []
  const late = options.sessionToken === 'appended'
  const [signedHeaders, attach] = place(
    draft,
    options,
    algorithm.name,
    `${credentials.accessKeyId}/${credentialScope}`,
    late ? [date] : [date, ...token],
  )

  const canonicalRequest = formatCanonicalRequest(
    method,
    canonicalPath(url.path, options),
    draft.query,
    headers,
    signedHeaders,
    payloadHash,
  )
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
  const key = yield* algorithm.deriveKey(credentials, credentialScope, crypto)
  const signature = yield* algorithm.sign(key, stringToSign, crypto)

  attach(signature, late ? token : [])
  // Every client derives the host header from the URL; it is told only where it is another.
  if (headers.get('host') === url.host) headers.delete('host')
  return {
    method,
    url: `${url.scheme}//${url.host}${url.path}${draft.query && `?${draft.query}`}`,
    headers: Object.fromEntries(headers),
    body,
    ...(isStream(body) && { duplex: 'half' }),
    signature,
    trace: { canonicalRequest, stringToSign, credentialScope, signedHeaders, signature },
  }
}
