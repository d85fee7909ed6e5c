/**
 * `countersign/sigv4a`: signatures that hold in a set of regions, by ECDSA.
 *
 * @module
 */
export type { Curve } from './algorithms/sigv4a/p256.ts'
export {
  deriveSigningKeyPair,
  type SigningKeyPair,
  sigv4a,
  sigv4aWith,
} from './algorithms/sigv4a/sigv4a.ts'
export type { RegionSet } from './model/types.ts'
