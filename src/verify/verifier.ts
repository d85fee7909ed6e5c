import { sigv4 } from '../algorithms/sigv4.ts'
import { verifiedKeys } from '../algorithms/verified-keys.ts'
import type { Refused } from '../model/refusal.ts'
import type { SignedRequest } from '../model/types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import { checkOptions } from './check-options.ts'

/** `verify` bound to its options, with a key cache. */
export interface Verifier {
  /**
   * `verify` by the verifier's own options; those given here go before them for this call. One that is
   * undefined overrides nothing.
   */
  verify(
    received: ReceivedRequest | SignedRequest,
    options?: Partial<VerifyOptions>,
  ): Promise<Verified | Refused>
}

/** The options of a verifier, with keys that are remembered once they have proved right. */
export const verifierOptions = (options: VerifyOptions): VerifyOptions => ({
  ...checkOptions(options),
  algorithm: [options.algorithm ?? sigv4].flat().map((algorithm) => verifiedKeys(algorithm)),
})
