import { sigv4 } from '../algorithms/sigv4.ts'
import { formatCanonicalRequest, formatStringToSign } from '../canonical/canonical-request.ts'
import { readHeaders } from '../canonical/headers.ts'
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

const OWN_PARAMETERS = /(^|&)X-Amz-(Algorithm|Credential|Date|Expires|Sign|\w+-Token)/i

/** The road: request → canonical request → string to sign → signature → attached. */
export function signing(
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
  place: Placement,
  s3Payload?: string,
): Awaitable<SignedRequest<unknown>> {
  const { algorithm = sigv4, crypto = platform, signingDate = new Date() } = options
  return after(resolveCredentials(options, signingDate), (credentials) => {
    const method = (request.method ?? 'GET').toUpperCase()
    const [scheme, authority, path, wireQuery] = readUrl(request.url, options)
    const resource = canonicalPath(path, options)
    // A second signature, or half of one, in the query would make the server read another.
    ensure(!OWN_PARAMETERS.test(wireQuery), 'invalid-url', 'a url without X-Amz-Signature')
    const headers = readHeaders(request.headers)
    const { host = authority } = headers
    const stamp = algorithm.stamp ?? options.stamp ?? stampOf
    const [amzDate, credentialScope] = stamp(signingDate, options, headers)

    return after(
      readPayload(request, headers, options, s3Payload, crypto),
      ([hash, body, duplex]) => {
        const [names, signedHeaders, query, attach] = place(
          wireQuery,
          headers,
          options,
          algorithm.name,
          credentials,
          credentialScope,
          amzDate,
        )
        const canonicalRequest = formatCanonicalRequest(
          method,
          resource,
          query,
          headers,
          names,
          signedHeaders,
          host,
          hash,
        )

        return after(crypto.sha256(canonicalRequest), (digest) => {
          const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, digest)

          return after(algorithm.deriveKey(credentials, credentialScope, crypto), (key) =>
            after(algorithm.sign(key, stringToSign, crypto), (signature) => {
              const use = { accessKeyId: credentials.accessKeyId, credentialScope, host }
              options.onSign?.(use)
              platform.watch?.('sign')?.(use)

              const sent = attach(signature)
              return {
                method,
                url: scheme + authority + path + (sent && `?${sent}`),
                headers,
                body,
                duplex: duplex as 'half',
                signature,
                trace: {
                  canonicalRequest,
                  stringToSign,
                  credentialScope,
                  signedHeaders: names,
                  signature,
                },
              }
            }),
          )
        })
      },
    )
  })
}
