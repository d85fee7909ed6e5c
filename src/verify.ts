import { matches } from './algorithms/matches.ts'
import { sigv4 } from './algorithms/sigv4.ts'
import type { CryptoBackend } from './crypto/backend.ts'
import { after, isPromise, type Steps } from './lib/steps.ts'
import { isRefused, type Refused, refuse } from './refusal.ts'
import { formatStringToSign } from './road/canonical-request.ts'
import { redactTrace } from './road/redact.ts'
import type { SignedRequest, SigningKey } from './types.ts'
import { accept, checkBody } from './verify/accept.ts'
import { canonicalize, profileOf } from './verify/canonicalize.ts'
import { check } from './verify/checks.ts'
import { readClaim } from './verify/claim.ts'
import { type FoundKeys, findKeys } from './verify/keys.ts'
import type { ReadingMemory } from './verify/memory.ts'
import { type PayloadClaim, readPayloadClaim } from './verify/payload.ts'
import { readReceived } from './verify/received.ts'
import { readStatement } from './verify/statement.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from './verify-types.ts'

/** The road back: what the request states → the same canonical request → the same signature, or why not. */
export function* verifying(
  request: ReceivedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
  memory?: ReadingMemory,
): Steps<Verified | Refused> {
  const { algorithm: accepted = sigv4, crypto = platform, now = new Date() } = options
  const received = readReceived(request, options.plus)
  if (isRefused(received)) return received
  const statement = readStatement(received, Array.isArray(accepted) ? accepted : [accepted], memory)
  if (isRefused(statement)) return statement
  const { claim, algorithm, credentialScope, amzDate, signature } = statement
  const { signedHeaders, scope } = claim
  const profile = (memory?.profile ?? profileOf)(scope.service, options)
  const fault = check(statement, received, options, profile, now)
  if (fault) return fault
  // To yield costs more than most steps do, `wait` too, so what is at hand goes on without.
  const told = readPayloadClaim(claim, received, options, profile, crypto)
  const payload: PayloadClaim | Refused = isPromise(told) ? yield told : told
  if (isRefused(payload)) return payload
  const asked = findKeys(claim, credentialScope, received, options, profile, crypto)
  const found: FoundKeys | Refused = isPromise(asked) ? yield asked : asked
  if (isRefused(found)) return found

  let refused: Refused | undefined
  const { host: own = '' } = received.fields
  for (const host of options.hosts ? [own, ...options.hosts] : [own]) {
    const canonicalRequest = canonicalize(
      received,
      statement,
      host,
      payload.line,
      options.plus,
      profile,
    )
    const hashing = crypto.sha256(canonicalRequest)
    const hash: string = isPromise(hashing) ? yield hashing : hashing
    const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
    for (const credentials of found.credentials) {
      const deriving = algorithm.deriveKey(credentials, credentialScope, crypto)
      const key: SigningKey = isPromise(deriving) ? yield deriving : deriving
      const comparing = matches(algorithm, key, stringToSign, signature, crypto)
      const holds: boolean = isPromise(comparing) ? yield comparing : comparing
      if (!holds || found.dummy) continue
      algorithm.keep?.(key)
      const trace = { canonicalRequest, stringToSign, credentialScope, signedHeaders, signature }
      return yield after(
        checkBody(received, payload, crypto),
        (wrong) => wrong ?? accept(claim, credentials, host, payload, trace, options, now, crypto),
      )
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
  memory?: ReadingMemory,
): Steps<Verified | Refused> {
  const verdict = yield* verifying(request, options, platform, memory)
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
  request: ReceivedRequest | SignedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
  memory?: ReadingMemory,
): Steps<Verified | Refused> =>
  (platform.watch?.('verify') ? verifyingWatched : verifying)(
    request as ReceivedRequest,
    options,
    platform,
    memory,
  )
