import { backend } from '#crypto-sync'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import { type CryptoBackend, type SyncCryptoBackend, serial } from '../crypto/backend.ts'
import type { ClientExplainOptions, ExplainedRequest } from '../explain/case/case.ts'
import { explainRequest } from '../explain/explain.ts'
import type { ExplainHints, Explanation } from '../explain/types.ts'
import { atOnce } from '../lib/awaitable.ts'
import { runSync } from '../lib/steps.ts'
import type { Refused } from '../model/refusal.ts'
import type {
  AnyRequest,
  Credentials,
  DerivedCredentials,
  InRegions,
  OpaqueRequest,
  PayloadHash,
  PresignedRequest,
  PresignOptions,
  ScopeOptions,
  SignedRequest,
  SigningRequest,
  SignOptions,
} from '../model/types.ts'
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

type WithPayload<Options> = Options & { payload: PayloadHash }

const platform = backend as CryptoBackend

/** `sign` of the root entry, at once. */
export function sign(request: SigningRequest, options: InRegions<SyncSignOptions>): SignedRequest
export function sign<Body>(
  request: OpaqueRequest<Body>,
  options: WithPayload<InRegions<SyncSignOptions>>,
): SignedRequest<Body>
export function sign(request: AnyRequest, options: InRegions<SyncSignOptions>): unknown {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = withProfile(optionsOf(options as SignOptions))
  return run(() => signRequest(request, own, backendOf(platform), inHeader))
}

/** `presign` of the root entry, at once. */
export function presign(
  request: SigningRequest,
  options: InRegions<SyncPresignOptions>,
): PresignedRequest
export function presign<Body>(
  request: OpaqueRequest<Body>,
  options: WithPayload<InRegions<SyncPresignOptions>>,
): PresignedRequest<Body>
export function presign(request: AnyRequest, options: InRegions<SyncPresignOptions>): unknown {
  const { run, optionsOf, backendOf } = syncCalls()
  const own = withProfile(optionsOf(options as PresignOptions))
  return run(() => presignRequest(request, own, backendOf(platform)))
}

/** `canonicalRequest` of the root entry, at once. */
export function canonicalRequest(
  request: SigningRequest | OpaqueRequest,
  options: { service: string } & Partial<SyncSignOptions>,
): CanonicalRequest {
  return atOnce(canonicalRequestOf(request, options as SignOptions, platform))
}

/** `stringToSign` of the root entry, at once. */
export function stringToSign(canonicalRequest: string, options: InRegions<ScopeOptions>): string {
  return atOnce(stringToSignOf(canonicalRequest, options as ScopeOptions, platform))
}

/** `deriveSigningKey` of the root entry, at once. */
export function deriveSigningKey(secretAccessKey: string, options: ScopeOptions): Uint8Array {
  return atOnce(signingKeyOf(secretAccessKey, options, platform))
}

/** `Signer` of the root entry, at once and without `fetch`. */
export interface SyncSigner {
  sign(request: SigningRequest, options?: Partial<SyncSignOptions>): SignedRequest
  sign<Body>(
    request: OpaqueRequest<Body>,
    options: WithPayload<Partial<SyncSignOptions>>,
  ): SignedRequest<Body>
  presign(request: SigningRequest, options?: Partial<SyncPresignOptions>): PresignedRequest
  presign<Body>(
    request: OpaqueRequest<Body>,
    options: WithPayload<Partial<SyncPresignOptions>>,
  ): PresignedRequest<Body>
}

/** `createSigner` of the root entry, at once and without `fetch`. */
export function createSigner(options: InRegions<SyncPresignOptions>): SyncSigner {
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
  return run(() => verifyRequest(received, own, backendOf(platform)))
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
