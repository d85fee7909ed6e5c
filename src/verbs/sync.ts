import { backend } from '#crypto-sync'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import { type CryptoBackend, type SyncCryptoBackend, serial } from '../crypto/backend.ts'
import type { ClientExplainOptions, ExplainedRequest } from '../explain/case/options.ts'
import { explainRequest } from '../explain/explain.ts'
import type { ExplainHints, Explanation } from '../explain/types.ts'
import { atOnce } from '../lib/awaitable.ts'
import { runSync } from '../lib/steps.ts'
import type { Refused } from '../model/refusal.ts'
import type {
  AnyRequest,
  Credentials,
  DerivedCredentials,
  OpaqueRequest,
  PresignedRequest,
  PresignOptions,
  ScopeOptions,
  SignedRequest,
  SigningRequest,
  SignOptions,
} from '../model/types.ts'
import type {
  NeedsNoOptions,
  OptionsFor,
  RequestOf,
  RequestToSign,
  SignedBody,
  WithRegion,
} from '../model/verb-types.ts'
import type {
  Claim,
  ReceivedRequest,
  Verified,
  VerifyingCredentials,
  VerifyOptions,
} from '../model/verify-types.ts'
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
import { syncCalls } from './sync-calls.ts'

type Synchronous<Options> = Omit<Options, 'credentials' | 'crypto'> & {
  credentials: Credentials | DerivedCredentials | (() => Credentials | DerivedCredentials)
  crypto?: SyncCryptoBackend | undefined
}

/** {@link SignOptions} without what cannot be synchronous. */
export type SyncSignOptions = Synchronous<SignOptions>
/** {@link PresignOptions} without what cannot be synchronous. */
export type SyncPresignOptions = Synchronous<PresignOptions>

const platform = backend as CryptoBackend

/** `sign` of the root entry, at once. */
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

/** `presign` of the root entry, at once. */
export function presign<Body = undefined>(
  request: RequestToSign<Body, undefined>,
  options: OptionsFor<Body, undefined, WithRegion<SyncPresignOptions>>,
): PresignedRequest<SignedBody<Body, undefined>> {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = withProfile(optionsOf(options as PresignOptions))
  return run(() => presignRequest(request as AnyRequest, own, backendOf(serial(platform)))) as never
}

/** `canonicalRequest` of the root entry, at once. */
export function canonicalRequest(
  request: SigningRequest | OpaqueRequest,
  options: { service: string } & Partial<SyncSignOptions>,
): CanonicalRequest {
  return atOnce(canonicalRequestOf(request, options as SignOptions, platform))
}

/** `stringToSign` of the root entry, at once. */
export function stringToSign(canonicalRequest: string, options: WithRegion<ScopeOptions>): string {
  return atOnce(stringToSignOf(canonicalRequest, options as ScopeOptions, platform))
}

/** `deriveSigningKey` of the root entry, at once. */
export function deriveSigningKey(secretAccessKey: string, options: ScopeOptions): Uint8Array {
  return atOnce(signingKeyOf(secretAccessKey, options, platform))
}

/** `Signer` of the root entry, at once and without `fetch`. */
export interface SyncSigner {
  /** {@link sign} by the signer's own options. */
  sign<Body = undefined>(
    request: SigningRequest | (RequestOf<Body, undefined> & NeedsNoOptions<Body, undefined>),
  ): SignedRequest<SignedBody<Body, undefined>>
  /** {@link sign} with options that go before the signer's own for this call. */
  sign<Body = undefined>(
    request: RequestToSign<Body, undefined>,
    options: OptionsFor<Body, undefined, Partial<SyncSignOptions> | undefined>,
  ): SignedRequest<SignedBody<Body, undefined>>
  /** {@link presign} by the signer's own options. */
  presign<Body = undefined>(
    request: SigningRequest | (RequestOf<Body, undefined> & NeedsNoOptions<Body, undefined>),
  ): PresignedRequest<SignedBody<Body, undefined>>
  /** {@link presign} with options that go before the signer's own for this call. */
  presign<Body = undefined>(
    request: RequestToSign<Body, undefined>,
    options: OptionsFor<Body, undefined, Partial<SyncPresignOptions> | undefined>,
  ): PresignedRequest<SignedBody<Body, undefined>>
}

/** `createSigner` of the root entry, at once and without `fetch`. */
export function createSigner(options: WithRegion<SyncPresignOptions>): SyncSigner {
  const { run, optionsOf, backendOf } = syncCalls()
  const state = signerState(optionsOf(options as PresignOptions))
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

/** {@link VerifyOptions} without what cannot be synchronous. */
export type SyncVerifyOptions = Omit<VerifyOptions, 'credentials' | 'crypto' | 'replayGuard'> & {
  credentials: (
    accessKeyId: string,
    claim: Claim,
  ) => VerifyingCredentials | readonly VerifyingCredentials[] | undefined
  crypto?: SyncCryptoBackend | undefined
  replayGuard?: { claim(id: string, expiresAt: Date): boolean } | undefined
}

/** `verify` of the root entry, at once. */
export function verify(
  received: ReceivedRequest | SignedRequest,
  options: SyncVerifyOptions,
): Verified | Refused {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = optionsOf(checkOptions(options as VerifyOptions))
  return run(() => verifyRequest(received, own, backendOf(serial(platform))))
}

/** `Verifier` of the root entry, at once. */
export interface SyncVerifier {
  verify(
    received: ReceivedRequest | SignedRequest,
    options?: Partial<SyncVerifyOptions>,
  ): Verified | Refused
}

/** `createVerifier` of the root entry, at once. */
export function createVerifier(options: SyncVerifyOptions): SyncVerifier {
  const { run, optionsOf, backendOf } = syncCalls()
  const bound = verifierOptions(optionsOf(options as VerifyOptions))
  const memory = rememberReading()
  const crypto = backendOf(serial(platform))
  const using = (overrides?: Partial<VerifyOptions>) =>
    overrides ? { ...bound, ...optionsOf(checkOptions(overrides)) } : bound
  return {
    verify: (received, overrides) =>
      run(() =>
        verifyRequest(received, using(overrides as Partial<VerifyOptions>), crypto, memory),
      ),
  }
}

/** `explain` of the root entry, at once. */
export function explain(
  request: SigningRequest | OpaqueRequest,
  options: SyncSignOptions & ExplainHints & { serverError?: string },
): Explanation
export function explain(
  received: ReceivedRequest | SignedRequest,
  options: SyncVerifyOptions & ExplainHints,
): Explanation
export function explain(request: ExplainedRequest, options: object): Explanation {
  return runSync(explainRequest(request, options as ClientExplainOptions, platform))
}
