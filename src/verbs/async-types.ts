import type { FetchOptions, SignedFetch } from '../fetch/types.ts'
import type {
  PresignedRequest,
  PresignOptions,
  SignedRequest,
  SigningRequest,
  SignOptions,
} from '../model/types.ts'
import type {
  Cloning,
  NeedsNoOptions,
  OptionsFor,
  RequestOf,
  RequestToSign,
  SignedBody,
} from '../model/verb-types.ts'

/** The defaults of a {@link Signer}. */
export interface SignerOptions extends PresignOptions, FetchOptions {}

/** The verbs bound to defaults, a key cache, a credentials provider and a clock. */
export interface Signer {
  /** `sign` by the signer's own options. */
  sign<Body = undefined, Clone extends Cloning = undefined>(
    request: SigningRequest | (RequestOf<Body, Clone> & NeedsNoOptions<Body, Clone>),
  ): Promise<SignedRequest<SignedBody<Body, Clone>>>
  /** `sign` with options that go before the signer's own for this call, where they are defined. */
  sign<Body = undefined, Clone extends Cloning = undefined>(
    request: RequestToSign<Body, Clone>,
    options: OptionsFor<Body, Clone, Partial<SignOptions> | undefined>,
  ): Promise<SignedRequest<SignedBody<Body, Clone>>>
  /** `presign` by the signer's own options. */
  presign<Body = undefined, Clone extends Cloning = undefined>(
    request: SigningRequest | (RequestOf<Body, Clone> & NeedsNoOptions<Body, Clone>),
  ): Promise<PresignedRequest<SignedBody<Body, Clone>>>
  /** `presign` with options that go before the signer's own for this call, where they are defined. */
  presign<Body = undefined, Clone extends Cloning = undefined>(
    request: RequestToSign<Body, Clone>,
    options: OptionsFor<Body, Clone, Partial<PresignOptions> | undefined>,
  ): Promise<PresignedRequest<SignedBody<Body, Clone>>>
  /**
   * `fetch`, signed: each attempt anew, the server's clock learnt, a redirect handed back. The third
   * argument goes before the signer's own options for this call, where it is defined.
   */
  fetch: SignedFetch
}
