import type { SyncCryptoBackend } from '../crypto/backend.ts'
import type { Refused } from '../model/refusal.ts'
import type {
  Credentials,
  DerivedCredentials,
  PresignedRequest,
  PresignOptions,
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
} from '../model/verb-types.ts'
import type {
  Claim,
  ReceivedRequest,
  Verified,
  VerifyingCredentials,
  VerifyOptions,
} from '../model/verify-types.ts'

type Synchronous<Options> = Omit<Options, 'credentials' | 'crypto'> & {
  /**
   * The key to sign with, or a provider that answers at once and is asked whenever it is needed; a
   * promise, or a `CryptoKey`, is `not-synchronous`.
   */
  credentials: Credentials | DerivedCredentials | (() => Credentials | DerivedCredentials)
  /** The hashes to use. Default: `node:crypto` where there is one, else a hash in JavaScript. */
  crypto?: SyncCryptoBackend | undefined
}

/** {@link SignOptions} without what cannot be synchronous. */
export type SyncSignOptions = Synchronous<SignOptions>
/** {@link PresignOptions} without what cannot be synchronous. */
export type SyncPresignOptions = Synchronous<PresignOptions>

/** The verbs bound to defaults, a key cache and a credentials provider, without promises; and without `fetch`, which has them. */
export interface SyncSigner {
  /** `sign` by the signer's own options. */
  sign<Body = undefined>(
    request: SigningRequest | (RequestOf<Body, undefined> & NeedsNoOptions<Body, undefined>),
  ): SignedRequest<SignedBody<Body, undefined>>
  /** `sign` with options that go before the signer's own for this call, where they are defined. */
  sign<Body = undefined>(
    request: RequestToSign<Body, undefined>,
    options: OptionsFor<Body, undefined, Partial<SyncSignOptions> | undefined>,
  ): SignedRequest<SignedBody<Body, undefined>>
  /** `presign` by the signer's own options. */
  presign<Body = undefined>(
    request: SigningRequest | (RequestOf<Body, undefined> & NeedsNoOptions<Body, undefined>),
  ): PresignedRequest<SignedBody<Body, undefined>>
  /** `presign` with options that go before the signer's own for this call, where they are defined. */
  presign<Body = undefined>(
    request: RequestToSign<Body, undefined>,
    options: OptionsFor<Body, undefined, Partial<SyncPresignOptions> | undefined>,
  ): PresignedRequest<SignedBody<Body, undefined>>
}

/** {@link VerifyOptions} without what cannot be synchronous. */
export type SyncVerifyOptions = Omit<VerifyOptions, 'credentials' | 'crypto' | 'replayGuard'> & {
  /**
   * The key of an access key id, several while it rotates, undefined where there is none; at once, as a
   * promise is `not-synchronous`. What it throws is passed on.
   */
  credentials: (
    accessKeyId: string,
    claim: Claim,
  ) => VerifyingCredentials | readonly VerifyingCredentials[] | undefined
  /** The hashes to use. Default: `node:crypto` where there is one, else a hash in JavaScript. */
  crypto?: SyncCryptoBackend | undefined
  /** Lets each request in once: `createReplayGuard`, or your own. Default: none does. */
  replayGuard?:
    | {
        /** True where the id was not claimed before, as a `ReplayGuard` of the root entry tells it. */
        claim(id: string, expiresAt: Date, accessKeyId: string): boolean
      }
    | undefined
}

/** `verify` bound to its options, with a key cache; it answers at once. */
export interface SyncVerifier {
  /**
   * `verify` by the verifier's own options; those given here go before them for this call. One that is
   * undefined overrides nothing.
   */
  verify(
    received: ReceivedRequest | SignedRequest,
    options?: Partial<SyncVerifyOptions>,
  ): Verified | Refused
}
