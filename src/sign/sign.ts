import { sigv4 } from '../algorithms/sigv4.ts'
import { formatCanonicalRequest, formatStringToSign } from '../canonical/canonical-request.ts'
import { canonicalHeaders, readHeaders } from '../canonical/headers.ts'
import { canonicalPath } from '../canonical/path.ts'
import { readPayload } from '../canonical/payload.ts'
import type { Placement } from '../canonical/placement.ts'
import type { Memory, Profile } from '../canonical/profile.ts'
import { stampOf } from '../canonical/scope.ts'
import { readUrl } from '../canonical/url.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { ensure } from '../model/errors.ts'
import type { AnyRequest, PresignOptions, SignedRequest } from '../model/types.ts'
import { signText, tellOf } from './sign-text.ts'

const OWN_PARAMETERS = /(^|&)X-Amz-(Algo|Cred|Date|Expi|Sign|\w+-Token)/i

/**
 * The road, in three stages: what the request says by itself → what is signed of it (the canonical
 * request, the string to sign, the signature) → what is sent.
 *
 * What the request says is read before anything is waited for: what the caller changes meanwhile
 * changes nothing, and for a wrong URL no provider is asked.
 */
export function signRequest(
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
  place: Placement,
  s3Payload?: string,
): Awaitable<SignedRequest<unknown>> {
  const { algorithm = sigv4, crypto = platform, signingDate = new Date() } = options
  const method = (request.method ?? 'GET').toUpperCase()
  const [scheme, authority, path, query] = readUrl(request.url, options)
  const url = scheme + authority + path
  const resource = canonicalPath(path, options)
  // A second signature in the query, or half of one, is what the server might read in place of ours.
  ensure(!OWN_PARAMETERS.test(query), 'invalid-url', 'unsigned url')
  const headers = readHeaders(request.headers)
  const { host = authority } = headers
  const stamp = algorithm.stamp ?? stampOf
  const [amzDate, scope] = stamp(signingDate, options, headers)
  const tell = tellOf(options, platform, host)

  return after(
    readPayload(request, headers, options, s3Payload, crypto),
    ([payloadHash, body, duplex]) =>
      after(resolveCredentials(options, signingDate), (credentials) => {
        const at = [signingDate, amzDate, scope] as const
        const placed = place(query, headers, at, credentials, options, algorithm.name)
        const [names, signedHeaders, canonicalQuery, attach] = placed
        const canonicalRequest = formatCanonicalRequest(
          method,
          resource,
          canonicalQuery,
          canonicalHeaders(headers, names, host),
          signedHeaders,
          payloadHash,
        )

        return after(crypto.sha256(canonicalRequest), (digest) => {
          const stringToSign = formatStringToSign(algorithm.name, amzDate, scope, digest)
          const signed = signText(stringToSign, credentials, scope, algorithm, crypto, tell)
          return after(signed, (signature) =>
            attach({
              method,
              url,
              headers,
              body,
              duplex: duplex as 'half',
              signature,
              trace: {
                canonicalRequest,
                stringToSign,
                credentialScope: scope,
                signedHeaders: names,
                signature,
              },
            }),
          )
        })
      }),
  )
}
