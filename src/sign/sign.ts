import { sigv4 } from '../algorithms/sigv4.ts'
import { formatCanonicalRequest, formatStringToSign } from '../canonical/canonical-request.ts'
import { readPayload } from '../canonical/payload.ts'
import type { Placement } from '../canonical/placement.ts'
import type { Memory, Profile } from '../canonical/profile.ts'
import { readStated } from '../canonical/stated.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { AnyRequest, PresignOptions, SignedRequest, Trace } from '../model/types.ts'
import { type Signatory, signText } from './sign-text.ts'

/**
 * The road, in three stages: what the request says by itself → what is signed of it (the canonical
 * request, the string to sign, the signature) → what is sent.
 */
export function signRequest(
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
  place: Placement,
  s3Payload?: string,
): Awaitable<SignedRequest<unknown>> {
  const { algorithm = sigv4, crypto = platform, onSign } = options
  const stated = readStated(request, options, algorithm)
  const { method, host, path, headers, amzDate, credentialScope } = stated
  const { watch } = platform

  return after(
    readPayload(request, headers, options, s3Payload, crypto),
    ([payloadHash, body, duplex]) =>
      after(resolveCredentials(options, stated.signingDate), (credentials) => {
        const { names, signedHeaders, query, attach } = place(
          stated,
          credentials,
          options,
          algorithm.name,
        )
        const canonicalRequest = formatCanonicalRequest(
          method,
          path,
          query,
          headers,
          names,
          signedHeaders,
          host,
          payloadHash,
        )
        const by = { algorithm, credentials, credentialScope, host, crypto, onSign, watch }

        return after(signCanonicalRequest(canonicalRequest, amzDate, names, by), (trace) =>
          attach({
            method,
            url: stated.url,
            headers,
            body,
            duplex: duplex as 'half',
            signature: trace.signature,
            trace,
          }),
        )
      }),
  )
}

/** The string to sign of a canonical request, and its signature. */
const signCanonicalRequest = (
  canonicalRequest: string,
  amzDate: string,
  signedHeaders: readonly string[],
  by: Signatory,
): Awaitable<Trace> =>
  after(by.crypto.sha256(canonicalRequest), (digest) => {
    const { algorithm, credentialScope } = by
    const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, digest)
    return after(signText(stringToSign, by), (signature) => ({
      canonicalRequest,
      stringToSign,
      credentialScope,
      signedHeaders,
      signature,
    }))
  })
