import { sigv4 } from '../algorithms/sigv4.ts'
import { verifiedKeys } from '../algorithms/verified-keys.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { checkOptions } from './check-options.ts'

/** The options of a verifier, with keys that are remembered once they have proved right. */
export const verifierOptions = (options: VerifyOptions): VerifyOptions => ({
  ...checkOptions(options),
  algorithm: [options.algorithm ?? sigv4].flat().map((algorithm) => verifiedKeys(algorithm)),
})
