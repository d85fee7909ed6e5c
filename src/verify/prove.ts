import { formatStringToSign } from '../canonical/canonical-request.ts'
import { redactTrace } from '../canonical/redact.ts'
import { tokenNameOf } from '../canonical/token-name.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after, firstOf } from '../lib/awaitable.ts'
import { isRefused, type Refused, refuse } from '../model/refusal.ts'
import type { Trace } from '../model/types.ts'
import type { VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import { hostsToTry } from './authority.ts'
import { canonicalize, signedPath, withHost } from './canonicalize.ts'
import { type FoundKeys, findKeys } from './keys.ts'
import { type PayloadLine, readPayloadLine } from './payload.ts'
import type { Reading } from './read.ts'
import { catchUp, signerOf } from './try-keys.ts'

/** The key that made a signature, the host that it was made for, and how. */
export interface Proof {
  readonly credentials: VerifyingCredentials
  readonly host: string
  readonly path: string
  readonly payload: PayloadLine
  readonly trace: Trace
}

/** Proves a signature, with the keys that may have made it; or refuses it. */
export const prove = (
  reading: Reading,
  options: VerifyOptions,
  crypto: CryptoBackend,
): Awaitable<Proof | Refused> =>
  after(readPayloadLine(reading, options, crypto), (payload) =>
    isRefused(payload)
      ? payload
      : after(findKeys(reading, options, crypto), (found) =>
          signAgain(reading, payload, found, options, crypto),
        ),
  )

/** Signs again as to each host that the sender may have used, with each key that it may have. */
function signAgain(
  reading: Reading,
  payload: PayloadLine,
  found: FoundKeys,
  options: VerifyOptions,
  crypto: CryptoBackend,
): Awaitable<Proof | Refused> {
  const { received, statement, profile } = reading
  // Blanks around a value are none of it, whoever handed it over.
  const own = (received.fields.host ?? '').trim()
  const asReceived = canonicalize(reading, payload.line, options.plus)
  let first: Trace | undefined

  const proofAsTo = (host: string): Awaitable<Proof | undefined> =>
    after(
      traceOf(host === own ? asReceived : withHost(asReceived, host), reading, crypto),
      (trace) => {
        first ??= trace
        return after(
          signerOf(trace.stringToSign, found, statement, crypto),
          (credentials) =>
            credentials && {
              credentials,
              host,
              path: signedPath(trace, reading),
              payload,
              trace,
            },
        )
      },
    )
  return after(
    firstOf(hostsToTry(own, options.hosts), proofAsTo),
    (proof) =>
      proof ??
      after(catchUp(found, statement, crypto), () => ({
        ...(found.refusal ??
          refuse('signature-mismatch', 'The signature is not that of this request and key.')),
        // There is none where the host is not ours, and no name can have been replaced by it.
        ...(first && { trace: redactTrace(first, tokenNameOf(profile)) }),
      })),
  )
}

/** How the signature came to be, had the sender signed a canonical request. */
function traceOf(
  canonicalRequest: string,
  { statement }: Reading,
  crypto: CryptoBackend,
): Awaitable<Trace> {
  const { claim, algorithm, credentialScope, amzDate, signature } = statement
  return after(crypto.sha256(canonicalRequest), (digest) => ({
    canonicalRequest,
    stringToSign: formatStringToSign(algorithm.name, amzDate, credentialScope, digest),
    credentialScope,
    signedHeaders: claim.signedHeaders,
    signature,
  }))
}
