import type { P256 } from '../../crypto/p256.ts'
import { fromLatin1 } from '../../lib/latin1.ts'

interface EcdsaOptions {
  /** True: the curve hashes the message itself, by SHA-256. */
  readonly prehash: boolean
  /** False: either s of a signature is good, as AWS signs with either. */
  readonly lowS: boolean
}

/** The curve P-256 as a library has it: `p256` of `@noble/curves` (1.x and 2.x) fits as it is. */
export interface Curve {
  /** The public point of a scalar of 32 bytes: 65 bytes where it is not compressed. */
  getPublicKey(secretKey: Uint8Array, isCompressed?: boolean): Uint8Array
  /** With `prehash`, of the message's SHA-256; r‖s, or what can be written so. */
  sign(
    message: Uint8Array,
    secretKey: Uint8Array,
    options: EcdsaOptions,
  ):
    | Uint8Array
    | {
        /** The signature as r‖s, 64 bytes. */
        toCompactRawBytes(): Uint8Array
      }
  /** Whether r‖s is the message's signature by the key of an uncompressed point. */
  verify(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
    options: EcdsaOptions,
  ): boolean
}

// AWS signs with either s.
const OPTIONS: EcdsaOptions = { prehash: true, lowS: false }

/** P-256 of a curve that is passed in: synchronous, wherever JavaScript runs. */
export const p256Of =
  (curve: Curve): P256 =>
  (scalar) => {
    const publicKey = curve.getPublicKey(scalar, false)
    return {
      sign: (text) => {
        const signature = curve.sign(fromLatin1(text), scalar, OPTIONS)
        return 'toCompactRawBytes' in signature ? signature.toCompactRawBytes() : signature
      },
      verify: (text, signature) => {
        try {
          return curve.verify(signature, fromLatin1(text), publicKey, OPTIONS)
        } catch {
          return false
        }
      },
      publicKey: () => publicKey,
    }
  }
