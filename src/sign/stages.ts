import { sigv4 } from '../algorithms/sigv4.ts'
import { formatStringToSign } from '../canonical/canonical-request.ts'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import { formatScope, stampOf } from '../canonical/scope.ts'
import { type CryptoBackend, silent } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { formatAmzDate } from '../lib/time.ts'
import type {
  AnyRequest,
  CanonicalOptions,
  Credentials,
  ScopeOptions,
  SignOptions,
} from '../model/types.ts'
import { signRequest } from './sign.ts'
import { tellOf } from './sign-text.ts'

/** A canonical request, and which of the headers stand in it. */
export interface CanonicalRequest {
  /** Its lines: method, path, query, a line for each signed header, their names, the payload line. */
  canonicalRequest: string
  /** Names in lower case, sorted. */
  signedHeaders: readonly string[]
}

/** The canonical request of the same road, walked with a key that opens nothing. */
export function canonicalRequestOf(
  request: AnyRequest,
  options: CanonicalOptions & Partial<SignOptions>,
  platform: CryptoBackend,
): Awaitable<CanonicalRequest> {
  const credentials = { accessKeyId: '-', secretAccessKey: '-' }
  const profile = withProfile({ region: '-', credentials, ...options, onSign: undefined })
  return after(
    signRequest(request, profile, silent(platform), inHeader),
    ({ trace: { canonicalRequest, signedHeaders } }) => ({ canonicalRequest, signedHeaders }),
  )
}

/** The string to sign of a canonical request. */
export function stringToSignOf(
  canonicalRequest: string,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Awaitable<string> {
  const algorithm = options.algorithm ?? sigv4
  const [amzDate, scope] = (algorithm.stamp ?? stampOf)(options.signingDate, options, {})
  return after(crypto.sha256(canonicalRequest), (hash) =>
    formatStringToSign(algorithm.name, amzDate, scope, hash),
  )
}

/** The signing key of a secret for one day, region and service: whoever is given it can sign. */
export function signingKeyOf(
  credentials: Credentials,
  options: ScopeOptions,
  crypto: CryptoBackend,
): Awaitable<Uint8Array> {
  const scope = formatScope(formatAmzDate(options.signingDate), options)
  return after(sigv4.deriveKey(credentials, scope, crypto), (key) => {
    tellOf({}, crypto, '')(credentials.accessKeyId, scope)
    return key as Uint8Array
  })
}
