import type { P256 } from '../../crypto/p256.ts'
import { fromLatin1 } from '../../lib/latin1.ts'

interface EcdsaOptions {
  readonly prehash: boolean
  readonly lowS: boolean
}

/** The curve P-256 as a library has it: `p256` of `@noble/curves` (1.x and 2.x) fits as it is. */
export interface Curve {
  getPublicKey(secretKey: Uint8Array, isCompressed?: boolean): Uint8Array
  /** With `prehash`, of the message's SHA-256; r‖s, or what can be written so. */
  sign(
    message: Uint8Array,
    secretKey: Uint8Array,
    options: EcdsaOptions,
  ): Uint8Array | { toCompactRawBytes(): Uint8Array }
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
