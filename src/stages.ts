import { sigv4 } from './algorithms/sigv4.ts'
import { canonicalizing } from './canonicalize.ts'
import { resolveCredentials } from './credentials/resolve.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { type Steps, wait } from './lib/steps.ts'
import { formatAmzDate } from './lib/time.ts'
import { inHeader } from './road/placement.ts'
import { formatScope, scopeOf } from './road/scope.ts'
import { formatStringToSign } from './road/string-to-sign.ts'
import type { AnyRequest, CanonicalOptions, ScopeOptions, SignOptions } from './types.ts'

/** A canonical request, and which of the headers stand in it. */
export interface CanonicalRequest {
  canonicalRequest: string
  signedHeaders: readonly string[]
}

/** The first half of the road alone, with as much of the signature's own fields as the options tell. */
export function* canonicalRequestSteps(
  request: AnyRequest,
  options: CanonicalOptions & Partial<SignOptions>,
  crypto: CryptoBackend,
): Steps<CanonicalRequest> {
  const { algorithm = sigv4, credentials, signingDate } = options
  const resolved =
    credentials &&
    (yield* resolveCredentials({ ...options, credentials }, signingDate ?? new Date()))
  const facts = {
    algorithm: algorithm.name,
    amzDate: signingDate && formatAmzDate(signingDate),
    credential: '',
    sessionToken: resolved?.sessionToken,
  }
  const { canonicalRequest, signedHeaders } = yield* canonicalizing(
    request,
    options,
    facts,
    inHeader,
    crypto,
  )
  return { canonicalRequest, signedHeaders }
}

/** The string to sign of a canonical request. */
export function* stringToSignSteps(
  canonicalRequest: string,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Steps<string> {
  const amzDate = formatAmzDate(options.signingDate)
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  const { name } = options.algorithm ?? sigv4
  return formatStringToSign(name, amzDate, formatScope(scopeOf(amzDate, options)), hash)
}

/** The signing key of a secret for one day, region and service. */
export function* signingKeySteps(
  secretAccessKey: string,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Steps<Uint8Array> {
  const scope = scopeOf(formatAmzDate(options.signingDate), options)
  const credentials = { accessKeyId: '', secretAccessKey }
  return (yield* sigv4.deriveKey(credentials, scope, crypto)) as Uint8Array
}
