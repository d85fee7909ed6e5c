import { matches } from '../algorithms/matches.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { formatStringToSign } from '../canonical/canonical-request.ts'
import type { Profile } from '../canonical/profile.ts'
import { redactTrace } from '../canonical/redact.ts'
import { tokenNameOf } from '../canonical/token-name.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after, firstOf } from '../lib/awaitable.ts'
import { isRefused, type Refused, refuse } from '../model/refusal.ts'
import type { SignedRequest, Trace } from '../model/types.ts'
import type {
  ReceivedRequest,
  Verified,
  VerifyingCredentials,
  VerifyOptions,
} from '../model/verify-types.ts'
import { accept, checkBody } from './accept.ts'
import { canonicalize, profileOf } from './canonicalize.ts'
import { check } from './checks.ts'
import { readClaim } from './claim.ts'
import { type FoundKeys, findKeys } from './keys.ts'
import type { ReadingMemory } from './memory.ts'
import { type PayloadClaim, readPayloadClaim } from './payload.ts'
import { type Received, readReceived } from './received.ts'
import { readStatement, type Statement } from './statement.ts'

/** The road back: what the request states → the same canonical request → the same signature, or why not. */
export function verifying(
  request: ReceivedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
  memory?: ReadingMemory,
): Awaitable<Verified | Refused> {
  const { algorithm: accepted = sigv4, crypto = platform, now = new Date() } = options
  const received = readReceived(request, options)
  if (isRefused(received)) return received
  const statement = readStatement(received, Array.isArray(accepted) ? accepted : [accepted], memory)
  if (isRefused(statement)) return statement
  const { claim, credentialScope } = statement
  const profile = (memory?.profile ?? profileOf)(claim.scope.service, options)
  const fault = check(statement, received, options, profile, now)
  if (fault) return fault

  return after(readPayloadClaim(claim, received, options, profile, crypto), (payload) =>
    isRefused(payload)
      ? payload
      : after(findKeys(claim, credentialScope, received, options, profile, crypto), (found) =>
          signAgain(received, statement, payload, found, options, profile, now, crypto),
        ),
  )
}

/** Signs again as to each host that the sender may have used, with each key that it may have. */
function signAgain(
  received: Received,
  statement: Statement,
  payload: PayloadClaim,
  found: FoundKeys,
  options: VerifyOptions,
  profile: Profile,
  now: Date,
  crypto: CryptoBackend,
): Awaitable<Verified | Refused> {
  const { claim, algorithm, credentialScope, amzDate, signature } = statement
  const { signedHeaders } = claim
  let refused: Refused | undefined

  const asTo = (host: string) => {
    const canonicalRequest = canonicalize(
      received,
      statement,
      host,
      payload.line,
      options.plus,
      profile,
    )
    return after(crypto.sha256(canonicalRequest), (hash) => {
      const stringToSign = formatStringToSign(algorithm.name, amzDate, credentialScope, hash)
      const trace = { canonicalRequest, stringToSign, credentialScope, signedHeaders, signature }
      const withKeyOf = (credentials: VerifyingCredentials) =>
        after(algorithm.deriveKey(credentials, credentialScope, crypto), (key) =>
          after(matches(algorithm, key, stringToSign, signature, crypto), (holds) => {
            if (!holds || found.refusal) return undefined
            algorithm.keep?.(key)
            return after(
              checkBody(received, payload, crypto),
              (wrong) =>
                wrong ?? accept(claim, credentials, host, payload, trace, options, now, crypto),
            )
          }),
        )
      return after(firstOf(found.credentials, withKeyOf), (verdict) => {
        if (!verdict) refused ??= mismatch(found, trace, profile)
        return verdict
      })
    })
  }
  const { host: own = '' } = received.fields
  const hosts = options.hosts ? [own, ...options.hosts] : [own]
  return after(firstOf(hosts, asTo), (verdict) => verdict ?? (refused as Refused))
}

const mismatch = ({ refusal }: FoundKeys, trace: Trace, profile: Profile): Refused => ({
  ...(refusal ??
    refuse('signature-mismatch', 'The signature is not that of this request and key.')),
  trace: redactTrace(trace, tokenNameOf(profile)),
})

/** {@link verifying}, with its verdict told to those who watch. */
const verifyingWatched: typeof verifying = (request, options, platform, memory) =>
  after(verifying(request, options, platform, memory), (verdict) => {
    const { received, claim, credentialScope = '' } = readClaim(request, options)
    platform.watch?.('verify')?.({
      accessKeyId: claim?.accessKeyId ?? '',
      credentialScope,
      host: received?.fields.host ?? '',
      ...(verdict.ok ? { ok: true } : { ok: false, reason: verdict.reason }),
    })
    return verdict
  })

/** A verdict; to tell of it costs only where somebody listens. */
export const judging = (
  request: ReceivedRequest | SignedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
  memory?: ReadingMemory,
): Awaitable<Verified | Refused> =>
  (platform.watch?.('verify') ? verifyingWatched : verifying)(
    request as ReceivedRequest,
    options,
    platform,
    memory,
  )
