import { sigv4 } from './algorithms/sigv4.ts'
import { type CryptoBackend, silent } from './crypto/backend.ts'
import { type Steps, wait } from './lib/steps.ts'
import { formatAmzDate } from './lib/time.ts'
import { formatStringToSign } from './road/canonical-request.ts'
import { inHeader } from './road/placement.ts'
import { withProfile } from './road/profile.ts'
import { formatScope, stampOf } from './road/scope.ts'
import { signing } from './sign.ts'
import type { AnyRequest, CanonicalOptions, ScopeOptions, SignOptions } from './types.ts'

/** A canonical request, and which of the headers stand in it. */
export interface CanonicalRequest {
  canonicalRequest: string
  signedHeaders: readonly string[]
}

/** The canonical request of the same road, walked with a key that opens nothing. */
export function* canonicalRequestSteps(
  request: AnyRequest,
  options: CanonicalOptions & Partial<SignOptions>,
  platform: CryptoBackend,
): Steps<CanonicalRequest> {
  const credentials = { accessKeyId: '-', secretAccessKey: '-' }
  const { trace } = yield* signing(
    request,
    withProfile({ region: '-', credentials, ...options, onSign: undefined }),
    silent(platform),
    inHeader,
  )
  return { canonicalRequest: trace.canonicalRequest, signedHeaders: trace.signedHeaders }
}

/** The string to sign of a canonical request. */
export function* stringToSignSteps(
  canonicalRequest: string,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Steps<string> {
  const algorithm = options.algorithm ?? sigv4
  const [amzDate, scope] = (algorithm.stamp ?? stampOf)(options.signingDate, options, {})
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  return formatStringToSign(algorithm.name, amzDate, scope, hash)
}

/** The signing key of a secret for one day, region and service. */
export function* signingKeySteps(
  secretAccessKey: string,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Steps<Uint8Array> {
  const scope = formatScope(formatAmzDate(options.signingDate), options)
  const credentials = { accessKeyId: '', secretAccessKey }
  return (yield* wait(sigv4.deriveKey(credentials, scope, crypto))) as Uint8Array
}
