import type { Awaitable } from '../lib/awaitable.ts'
import { fromHex } from '../lib/hex.ts'

/** A key pair of P-256, as SigV4a uses it; what it is made of cannot be read from it. */
export interface P256Key {
  /** ECDSA over the SHA-256 of an ASCII text: r‖s, 64 bytes. */
  sign(text: string): Awaitable<Uint8Array>
  /** Whether r‖s is a signature of a text; false for what is no signature at all. */
  verify(text: string, signature: Uint8Array): Awaitable<boolean>
  /** The public point, uncompressed: 4, x, y, 65 bytes. */
  publicKey(): Awaitable<Uint8Array>
}

/** Makes the key pair of a private scalar: 32 bytes, big-endian, 1 to n − 1. */
export type P256 = (scalar: Uint8Array) => Awaitable<P256Key>

// PrivateKeyInfo { ecPublicKey, prime256v1, ECPrivateKey { 1, scalar } }, all but the scalar.
const PREFIX = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'

/**
 * A scalar as PKCS #8 in DER, 67 bytes, without the public point: the platform computes it.
 * @see https://www.rfc-editor.org/rfc/rfc5915#section-3
 */
export const pkcs8 = (scalar: Uint8Array): Uint8Array =>
  Uint8Array.of(...fromHex(PREFIX), ...scalar)
