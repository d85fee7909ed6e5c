import { backend, serial } from '#crypto'
import { explainAsync } from '#explain'
import { verifierAsync, verifyRequest } from '#verify'
import { formatParameters } from '../canonical/parameters.ts'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import type {
  ClientExplainOptions,
  ExplainedRequest,
  ServerExplainOptions,
} from '../explain/case/options.ts'
import type { Explanation } from '../explain/types.ts'
import { signingFetch } from '../fetch/signing-fetch.ts'
import { remembered } from '../lib/remembered.ts'
import type { Refused } from '../model/refusal.ts'
import type {
  AnyRequest,
  CanonicalOptions,
  FetchRequest,
  OpaqueRequest,
  PresignedRequest,
  PresignOptions,
  ScopeOptions,
  SignedRequest,
  SigningRequest,
  SignOptions,
} from '../model/types.ts'
import type {
  Cloning,
  OptionsFor,
  RequestToSign,
  SignedBody,
  WithRegion,
} from '../model/verb-types.ts'
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
import type { Verifier } from '../verify/verifier.ts'
import type { Signer, SignerOptions } from './async-types.ts'

/**
 * Signs a request in its Authorization header.
 *
 * Never touches its input: returns the request to send, in the shape that `fetch(signed.url, signed)`
 * takes, with the `trace` of how the signature came to be.
 *
 * @throws CountersignError `invalid-url`, `dot-segments`, `invalid-header`,
 * `invalid-body`, `invalid-payload`, `invalid-scope`, `invalid-date`, `invalid-options` (a word that an
 * option does not know), `invalid-credentials`, `expired-credentials`, `long-term-credentials`,
 * `crypto-unavailable`; what a provider throws is passed on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @example
 * const signed = await sign(
 *   { url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' },
 *   { service: 'execute-api', region: 'eu-west-1', credentials },
 * )
 * const response = await fetch(signed.url, signed)
 */
export async function sign<Body = undefined, Clone extends Cloning = undefined>(
  request: RequestToSign<Body, Clone>,
  options: OptionsFor<Body, Clone, WithRegion<SignOptions>>,
): Promise<SignedRequest<SignedBody<Body, Clone>>> {
  const own = withProfile(options as SignOptions)
  return signRequest(request as AnyRequest, own, serial(backend), inHeader) as Promise<never>
}

/**
 * Signs a request in its query: a URL that anyone who holds it can use until `expiresAt`.
 *
 * The body is left unsigned for S3 and hashed for other services; `headers` are those that the
 * sender must still send.
 *
 * @throws CountersignError as {@link sign}, and `invalid-expiry`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * @example
 * const { url } = await presign(
 *   { url: 'https://bucket.s3.eu-west-1.amazonaws.com/report.pdf' },
 *   { service: 's3', region: 'eu-west-1', credentials, expiresIn: 600 },
 * )
 */
export async function presign<Body = undefined, Clone extends Cloning = undefined>(
  request: RequestToSign<Body, Clone>,
  options: OptionsFor<Body, Clone, WithRegion<PresignOptions>>,
): Promise<PresignedRequest<SignedBody<Body, Clone>>> {
  const own = withProfile(options as PresignOptions)
  return presignRequest(request as AnyRequest, own, serial(backend)) as Promise<never>
}

/**
 * The canonical request alone: of the request as it stands, with the date and the session token
 * where `signingDate` and `credentials` tell them. To compare with what a server says it should be.
 *
 * @throws CountersignError as {@link sign}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 * @example
 * const request = { url: 'https://bucket.s3.eu-west-1.amazonaws.com/key' }
 * const { canonicalRequest: text, signedHeaders } = await canonicalRequest(request, { service: 's3' })
 */
export async function canonicalRequest(
  request: AnyRequest,
  options: CanonicalOptions & Partial<SignOptions>,
): Promise<CanonicalRequest> {
  return canonicalRequestOf(request, options, backend)
}

/**
 * The string to sign of a canonical request: algorithm, date, scope and its SHA-256, a line each.
 *
 * @throws CountersignError `invalid-date`, `invalid-scope`, `crypto-unavailable`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign
 * @example
 * const scope = { signingDate: new Date(), region: 'eu-west-1', service: 's3' }
 * const text = await stringToSign(canonical, scope)
 */
export async function stringToSign(
  canonicalRequest: string,
  options: WithRegion<ScopeOptions>,
): Promise<string> {
  return stringToSignOf(canonicalRequest, options as ScopeOptions, backend)
}

/**
 * The signing key of a secret for one UTC day, region and service: 32 bytes. Who holds it signs for
 * that scope, and nothing else; `derivedCredentials` of `countersign/credentials` makes a key to hand on.
 * Those who watch `countersign:sign` are told of it, without a key id, which it does not know.
 *
 * @throws CountersignError `invalid-date`, `invalid-scope`, `crypto-unavailable`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
 * @example
 * const scope = { signingDate: new Date(), region: 'eu-west-1', service: 's3' }
 * const signingKey = await deriveSigningKey(secretAccessKey, scope)
 */
export async function deriveSigningKey(
  secretAccessKey: string,
  options: ScopeOptions,
): Promise<Uint8Array> {
  return signingKeyOf({ accessKeyId: '', secretAccessKey }, options, backend)
}

/**
 * Binds the verbs to defaults and remembers what is costly: signing keys (bounded), credentials
 * until they are about to expire, and how far the server's clock is ahead.
 *
 * @throws CountersignError `invalid-options` at once; by its verbs as {@link sign} and {@link presign}
 * @example
 * const aws = createSigner({ service: 'execute-api', region: 'eu-west-1', credentials: provider })
 * const response = await aws.fetch('https://abc.execute-api.eu-west-1.amazonaws.com/prod/items')
 */
export function createSigner(options: WithRegion<SignerOptions>): Signer {
  const state = signerState({
    ...(options as SignerOptions),
    parameters: remembered(formatParameters),
  })
  const crypto = serial(backend)
  return {
    sign: async (request: AnyRequest, overrides?: Partial<SignOptions>) =>
      signRequest(request, state.using(overrides, request.url), crypto, inHeader),
    presign: async (request: AnyRequest, overrides?: Partial<PresignOptions>) =>
      presignRequest(request, state.using(overrides, request.url), crypto),
    fetch: signingFetch(state, crypto, options),
  } as Signer
}

/**
 * Verifies a request as a server received it, or as `sign` returned it: its target, signature, scope, time,
 * session token, signed headers and body. Returns what is expected, and throws only where the call
 * itself is wrong. The request is read until the promise settles, and stays as it is until then.
 *
 * @throws CountersignError `invalid-options` where an option is a word that it does not know,
 * `invalid-credentials` where the lookup returns no key, `invalid-body` where a body that must be
 * hashed is neither text nor bytes; what the lookup throws is passed on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * const result = await verify(received, { service: 's3', credentials: (id) => keys.get(id) })
 * if (!result.ok) return new Response(result.message, { status: result.status })
 */
export async function verify(
  received: ReceivedRequest | SignedRequest,
  options: VerifyOptions,
): Promise<Verified | Refused> {
  return verifyRequest(received, checkOptions(options), serial(backend))
}

/**
 * Binds {@link verify} to its options and remembers the signing keys that have proved right. In Node
 * the code that verifies is read at once: make it before a server listens, so that no stranger can
 * have taken the file descriptors that this needs.
 *
 * @throws CountersignError `invalid-options` at once; by its verb as {@link verify}
 * @example
 * const verifier = createVerifier({ service: 's3', credentials: (id) => keys.get(id) })
 * const result = await verifier.verify(received)
 */
export function createVerifier(options: VerifyOptions): Verifier {
  return verifierAsync(options, backend)
}

/**
 * Explains why a signature does not match: compares with what the server answered, and searches the
 * likely mistakes, signing again under each; a signature that comes out is a proof.
 *
 * From the client's side: the request as sent with the {@link SignOptions}, and the server's answer
 * as `serverError`. From the server's side: the received request with the {@link VerifyOptions}.
 * Never shows a secret, a session token or a signature.
 *
 * @throws CountersignError only where the call itself is wrong, as {@link sign} or {@link verify}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * const why = await explain(request, { ...options, serverError: await response.text() })
 * console.error(String(why))
 */
export function explain(
  request: SigningRequest | FetchRequest | OpaqueRequest,
  options: ClientExplainOptions,
): Promise<Explanation>
/**
 * Explains, from the server's side, why a request's signature does not match: with the received request
 * and the {@link VerifyOptions}.
 *
 * @throws CountersignError only where the call itself is wrong, as {@link verify}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * @example
 * const result = await verify(received, options)
 * if (!result.ok) console.error(String(await explain(received, options)))
 */
export function explain(
  received: ReceivedRequest | SignedRequest,
  options: ServerExplainOptions,
): Promise<Explanation>
export function explain(
  request: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
): Promise<Explanation> {
  return explainAsync(request, options, backend)
}
