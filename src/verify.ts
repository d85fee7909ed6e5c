import { matches } from './algorithms/matches.ts'
import { sigv4 } from './algorithms/sigv4.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { type Steps, wait } from './lib/steps.ts'
import { isRefused, type Refused, refuse } from './refusal.ts'
import { formatStringToSign } from './road/canonical-request.ts'
import { withProfile } from './road/profile.ts'
import { redactTrace } from './road/redact.ts'
import { accept, checkBody } from './verify/accept.ts'
import { canonicalize } from './verify/canonicalize.ts'
import { CHECKS } from './verify/checks.ts'
import { findKeys } from './verify/keys.ts'
import { readPayloadClaim } from './verify/payload.ts'
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
    sessionToken: options.sessionToken,
    sessionTokenName: options.sessionTokenName,
  })
  for (const check of CHECKS) {
    const refused = check(statement, received, options, profile, now)
    if (refused) return refused
  }
  const payload = yield* readPayloadClaim(claim, received, options, profile, crypto)
  if (isRefused(payload)) return payload
  const found = yield* findKeys(claim, credentialScope, received, options, profile)
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
    const hash = yield* wait(crypto.sha256(canonicalRequest))
    const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
    const trace = { canonicalRequest, stringToSign, credentialScope, signedHeaders }
    for (const credentials of found.credentials) {
      const key = yield* wait(algorithm.deriveKey(credentials, credentialScope, crypto))
      if (!(yield* wait(matches(algorithm, key, stringToSign, signature, crypto))) || found.dummy)
        continue
      algorithm.keep?.(key)
      const held = { credentials, host, payload: payload.payload, trace: { ...trace, signature } }
      return (
        (yield* checkBody(received, payload, crypto)) ??
        (yield* accept(claim, held, payload, options, now, crypto))
      )
    }
    const shown = { trace: redactTrace(trace) }
    refused ??= found.dummy
      ? refuse('unknown-access-key', 'The access key id is not known.', shown)
      : refuse('signature-mismatch', 'The signature is not that of this request and key.', shown)
  }
  return refused as Refused
}
