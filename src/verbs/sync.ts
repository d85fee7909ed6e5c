import { backend, serial } from '#crypto-sync'
import { formatParameters } from '../canonical/parameters.ts'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { ClientExplainOptions, ExplainedRequest } from '../explain/case/options.ts'
import { explainRequest } from '../explain/explain.ts'
import type { ExplainHints, Explanation } from '../explain/types.ts'
import { atOnce } from '../lib/awaitable.ts'
import { overridden } from '../lib/overridden.ts'
import { remembered } from '../lib/remembered.ts'
import { runSync } from '../lib/steps.ts'
import type { Refused } from '../model/refusal.ts'
import type {
  AnyRequest,
  OpaqueRequest,
  PresignedRequest,
  PresignOptions,
  ScopeOptions,
  SignedRequest,
  SigningRequest,
  SignOptions,
} from '../model/types.ts'
import type { OptionsFor, RequestToSign, SignedBody, WithRegion } from '../model/verb-types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import { presignRequest } from '../sign/presign.ts'
import { signRequest } from '../sign/sign.ts'
import { signerState } from '../sign/signer.ts'
import {
  type CanonicalRequest,
  canonicalRequestOf,
  signingKeyOf,
  stringToSignOf,
} from '../sign/stages.ts'
import { checkOptions } from '../verify/check-options.ts'
import { rememberReading } from '../verify/memory.ts'
import { verifierOptions } from '../verify/verifier.ts'
import { verifyRequest } from '../verify/verify.ts'
import { judgingAtOnce, syncCalls } from './sync-calls.ts'
import type {
  SyncPresignOptions,
  SyncSigner,
  SyncSignOptions,
  SyncVerifier,
  SyncVerifyOptions,
} from './sync-types.ts'

const platform = backend as CryptoBackend

/**
 * Signs a request in its Authorization header, at once: `sign` of the root entry without promises, for
 * pages over plain http, React Native and workers without `crypto.subtle`.
 *
 * Never touches its input: returns the request to send, in the shape that `fetch(signed.url, signed)`
 * takes, with the `trace` of how the signature came to be.
 *
 * @throws CountersignError `not-synchronous` where a provider answers with a promise; `invalid-url`,
 * `dot-segments`, `invalid-header`, `invalid-body`, `invalid-payload`, `invalid-scope`, `invalid-date`,
 * `invalid-options` (a word that an option does not know), `invalid-credentials`,
 * `expired-credentials`, `long-term-credentials`; what a provider throws is passed on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @example
 * import { sign } from 'countersign/sync'
 * const signed = sign(
 *   { url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' },
 *   { service: 'execute-api', region: 'eu-west-1', credentials },
 * )
 * const response = await fetch(signed.url, signed)
 */
export function sign<Body = undefined>(
  request: RequestToSign<Body, undefined>,
  options: OptionsFor<Body, undefined, WithRegion<SyncSignOptions>>,
): SignedRequest<SignedBody<Body, undefined>> {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = withProfile(optionsOf(options as SignOptions))
  return run(() =>
    signRequest(request as AnyRequest, own, backendOf(serial(platform)), inHeader),
  ) as never
}

/**
 * Signs a request in its query, at once: a URL that anyone who holds it can use until `expiresAt`.
 *
 * The body is left unsigned for S3 and hashed for other services; `headers` are those that the
 * sender must still send.
 *
 * @throws CountersignError as {@link sign}, and `invalid-expiry`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * @example
 * import { presign } from 'countersign/sync'
 * const { url } = presign(
 *   { url: 'https://bucket.s3.eu-west-1.amazonaws.com/report.pdf' },
 *   { service: 's3', region: 'eu-west-1', credentials, expiresIn: 600 },
 * )
 */
export function presign<Body = undefined>(
  request: RequestToSign<Body, undefined>,
  options: OptionsFor<Body, undefined, WithRegion<SyncPresignOptions>>,
): PresignedRequest<SignedBody<Body, undefined>> {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = withProfile(optionsOf(options as PresignOptions))
  return run(() => presignRequest(request as AnyRequest, own, backendOf(serial(platform)))) as never
}

/**
 * The canonical request alone, at once: of the request as it stands, with the date and the session
 * token where `signingDate` and `credentials` tell them. To compare with what a server says it should be.
 *
 * @throws CountersignError as {@link sign}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 * @example
 * import { canonicalRequest } from 'countersign/sync'
 * const request = { url: 'https://bucket.s3.eu-west-1.amazonaws.com/key' }
 * const { canonicalRequest: text, signedHeaders } = canonicalRequest(request, { service: 's3' })
 */
export function canonicalRequest(
  request: SigningRequest | OpaqueRequest,
  options: Pick<SyncSignOptions, 'service'> & Partial<SyncSignOptions>,
): CanonicalRequest {
  return atOnce(canonicalRequestOf(request, options as SignOptions, platform))
}

/**
 * The string to sign of a canonical request, at once: algorithm, date, scope and its SHA-256, a line
 * each.
 *
 * @throws CountersignError `invalid-date`, `invalid-scope`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign
 * @example
 * import { stringToSign } from 'countersign/sync'
 * const scope = { signingDate: new Date(), region: 'eu-west-1', service: 's3' }
 * const text = stringToSign(canonical, scope)
 */
export function stringToSign(canonicalRequest: string, options: WithRegion<ScopeOptions>): string {
  return atOnce(stringToSignOf(canonicalRequest, options as ScopeOptions, platform))
}

/**
 * The signing key of a secret for one UTC day, region and service, at once: 32 bytes. Who holds it
 * signs for that scope, and nothing else. Those who watch `countersign:sign` are told of it, without a
 * key id, which it does not know.
 *
 * @throws CountersignError `invalid-date`, `invalid-scope`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
 * @example
 * import { deriveSigningKey } from 'countersign/sync'
 * const scope = { signingDate: new Date(), region: 'eu-west-1', service: 's3' }
 * const signingKey = deriveSigningKey(secretAccessKey, scope)
 */
export function deriveSigningKey(secretAccessKey: string, options: ScopeOptions): Uint8Array {
  return atOnce(signingKeyOf({ accessKeyId: '', secretAccessKey }, options, platform))
}

/**
 * Binds the verbs to defaults and remembers what is costly: signing keys (bounded), and credentials
 * until they are about to expire. It answers at once, and so has no `fetch`.
 *
 * @throws CountersignError `invalid-options` at once; by its verbs as {@link sign} and {@link presign}
 * @example
 * import { createSigner } from 'countersign/sync'
 * const aws = createSigner({ service: 'execute-api', region: 'eu-west-1', credentials })
 * const signed = aws.sign({ url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' })
 */
export function createSigner(options: WithRegion<SyncPresignOptions>): SyncSigner {
  const { run, optionsOf, backendOf } = syncCalls()
  const state = signerState({
    ...optionsOf(options as PresignOptions),
    parameters: remembered(formatParameters),
  })
  const crypto = backendOf(serial(platform))
  const using = (overrides?: Partial<PresignOptions>) =>
    state.using(overrides && optionsOf(overrides))
  return {
    sign: (request: AnyRequest, overrides?: Partial<SignOptions>) =>
      run(() => signRequest(request, using(overrides), crypto, inHeader)),
    presign: (request: AnyRequest, overrides?: Partial<PresignOptions>) =>
      run(() => presignRequest(request, using(overrides), crypto)),
  } as SyncSigner
}

/**
 * Verifies a request as a server received it, or as `sign` returned it, at once: its target, signature, scope,
 * time, session token, signed headers and body. Returns what is expected, and throws only where the
 * call itself is wrong.
 *
 * @throws CountersignError `not-synchronous` where the lookup or the guard answers with a promise,
 * `invalid-options` where an option is a word that it does not know, `invalid-credentials` where the
 * lookup returns no key, `invalid-body` where a body that must be hashed is neither text nor bytes;
 * what the lookup throws is passed on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * import { verify } from 'countersign/sync'
 * const result = verify(received, { service: 's3', credentials: (id) => keys.get(id) })
 * if (!result.ok) return new Response(result.message, { status: result.status })
 */
export function verify(
  received: ReceivedRequest | SignedRequest,
  options: SyncVerifyOptions,
): Verified | Refused {
  const { run, optionsOf } = syncCalls()
  const own = optionsOf(checkOptions(options as VerifyOptions))
  return run(() => verifyRequest(received, own, judgingAtOnce(serial(platform))))
}

/**
 * Binds {@link verify} to its options and remembers the signing keys that have proved right.
 *
 * @throws CountersignError `invalid-options` at once; by its verb as {@link verify}
 * @example
 * import { createVerifier } from 'countersign/sync'
 * const verifier = createVerifier({ service: 's3', credentials: (id) => keys.get(id) })
 * const result = verifier.verify(received)
 */
export function createVerifier(options: SyncVerifyOptions): SyncVerifier {
  const { run, optionsOf } = syncCalls()
  const bound = verifierOptions(optionsOf(options as VerifyOptions))
  const memory = rememberReading()
  const crypto = judgingAtOnce(serial(platform))
  const using = (overrides?: Partial<VerifyOptions>) =>
    overrides ? overridden(bound, optionsOf(checkOptions(overrides))) : bound
  return {
    verify: (received, overrides) =>
      run(() =>
        verifyRequest(received, using(overrides as Partial<VerifyOptions>), crypto, memory),
      ),
  }
}

/**
 * Explains, at once, why a signature does not match: compares with what the server answered, and
 * searches the likely mistakes, signing again under each; a signature that comes out is a proof.
 *
 * From the client's side: the request as sent with the {@link SyncSignOptions}, and the server's answer
 * as `serverError`. Never shows a secret, a session token or a signature.
 *
 * @throws CountersignError only where the call itself is wrong, as {@link sign}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * import { explain } from 'countersign/sync'
 * const why = explain(request, { ...options, serverError: await response.text() })
 * console.error(String(why))
 */
export function explain(
  request: SigningRequest | OpaqueRequest,
  options: SyncSignOptions &
    ExplainHints & {
      /** The body of the server's answer: with it, what the server read is compared. Default: not known. */
      serverError?: string
    },
): Explanation
/**
 * Explains, from the server's side and at once, why a request's signature does not match: with the
 * received request and the {@link SyncVerifyOptions}.
 *
 * @throws CountersignError only where the call itself is wrong, as {@link verify}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * import { explain, verify } from 'countersign/sync'
 * const result = verify(received, options)
 * if (!result.ok) console.error(String(explain(received, options)))
 */
export function explain(
  received: ReceivedRequest | SignedRequest,
  options: SyncVerifyOptions & ExplainHints,
): Explanation
export function explain(request: ExplainedRequest, options: object): Explanation {
  return runSync(explainRequest(request, options as ClientExplainOptions, platform))
}
