import { matches } from './algorithms/matches.ts'
import { sigv4 } from './algorithms/sigv4.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import type { Steps } from './lib/steps.ts'
import { isRefused, type Refused, refuse } from './refusal.ts'
import { formatStringToSign } from './road/canonical-request.ts'
import { withProfile } from './road/profile.ts'
import { redactTrace } from './road/redact.ts'
import type { SigningKey } from './types.ts'
import { accept, checkBody } from './verify/accept.ts'
import { canonicalize } from './verify/canonicalize.ts'
import { CHECKS } from './verify/checks.ts'
import { readClaim } from './verify/claim.ts'
import { type FoundKeys, findKeys } from './verify/keys.ts'
import { type PayloadClaim, readPayloadClaim } from './verify/payload.ts'
import { readReceived } from './verify/received.ts'
import { readStatement } from './verify/statement.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from './verify-types.ts'

/** The road back: what the request states → the same canonical request → the same signature, or why not. */
export function* verifying(
  request: ReceivedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
): Steps<Verified | Refused> {
  const { algorithm: accepted = sigv4, crypto = platform, now = new Date() } = options
  const received = readReceived(request, options.plus)
  if (isRefused(received)) return received
  const statement = readStatement(received, Array.isArray(accepted) ? accepted : [accepted])
  if (isRefused(statement)) return statement
  const { claim, algorithm, credentialScope, amzDate, signature } = statement
  const { signedHeaders, scope } = claim
  const profile = withProfile({
    service: scope.service,
    pathEncoding: options.pathEncoding,
    pathNormalization: options.pathNormalization,
    // What arrived is resolved no more.
    dotSegments: 'literal' as const,
    sessionToken: options.sessionToken,
    sessionTokenName: options.sessionTokenName,
  })
  for (const check of CHECKS) {
    const refused = check(statement, received, options, profile, now)
    if (refused) return refused
  }
  const payload = (yield readPayloadClaim(claim, received, options, profile, crypto)) as
    | PayloadClaim
    | Refused
  if (isRefused(payload)) return payload
  const found = (yield findKeys(claim, credentialScope, received, options, profile, crypto)) as
    | FoundKeys
    | Refused
  if (isRefused(found)) return found

  let refused: Refused | undefined
  for (const host of [received.fields.host ?? '', ...(options.hosts ?? [])]) {
    const canonicalRequest = canonicalize(
      received,
      claim,
      host,
      payload.line,
      options.plus,
      profile,
    )
    const hash: string = yield crypto.sha256(canonicalRequest)
    const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
    for (const credentials of found.credentials) {
      const key: SigningKey = yield algorithm.deriveKey(credentials, credentialScope, crypto)
      const holds: boolean = yield matches(algorithm, key, stringToSign, signature, crypto)
      if (!holds || found.dummy) continue
      algorithm.keep?.(key)
      const wrong = (yield checkBody(received, payload, crypto)) as Refused | undefined
      if (wrong) return wrong
      const trace = { canonicalRequest, stringToSign, credentialScope, signedHeaders, signature }
      return yield accept(claim, credentials, host, payload, trace, options, now, crypto)
    }
    const trace = redactTrace({ canonicalRequest, stringToSign, credentialScope, signedHeaders })
    refused ??= found.dummy
      ? refuse('unknown-access-key', 'The access key id is not known.', { trace })
      : refuse('signature-mismatch', 'The signature is not that of this request and key.', {
          trace,
        })
  }
  return refused as Refused
}

/** {@link verifying}, with its verdict told to those who watch. */
function* verifyingWatched(
  request: ReceivedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
): Steps<Verified | Refused> {
  const verdict = yield* verifying(request, options, platform)
  const { received, claim, credentialScope = '' } = readClaim(request, options)
  platform.watch?.('verify')?.({
    accessKeyId: claim?.accessKeyId ?? '',
    credentialScope,
    host: received?.fields.host ?? '',
    ...(verdict.ok ? { ok: true } : { ok: false, reason: verdict.reason }),
  })
  return verdict
}

/** The steps of a verdict; to tell of it costs only where somebody listens. */
export const judging = (
  request: ReceivedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
): Steps<Verified | Refused> =>
  (platform.watch?.('verify') ? verifyingWatched : verifying)(request, options, platform)
