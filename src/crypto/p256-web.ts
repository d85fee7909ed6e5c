import { fail } from '../model/errors.ts'
import { type P256Key, pkcs8 } from './p256.ts'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const unavailable = (): never =>
  fail('crypto-unavailable', 'algorithm: sigv4aWith(p256) with a curve such as @noble/curves has')

const bytes = (text: string) => new TextEncoder().encode(text)

/**
 * P-256 of `crypto.subtle`, which computes the public point of a private key that comes without it.
 *
 * Chromium, workerd and Deno do all of it. Firefox signs with such a key, but does not export it,
 * and so cannot verify; Safari refuses it. There a curve must be passed in.
 * @see https://github.com/web-platform-tests/wpt/pull/56086
 */
export const p256 = async (scalar: Uint8Array): Promise<P256Key> => {
  const subtle = globalThis.crypto?.subtle ?? unavailable()
  const der = pkcs8(scalar) as Uint8Array<ArrayBuffer>
  const privateKey = await subtle.importKey('pkcs8', der, ECDSA, true, ['sign']).catch(unavailable)
  let found: Promise<CryptoKey> | undefined
  const findPublicKey = async () => {
    const { kty, crv, x, y } = await subtle.exportKey('jwk', privateKey).catch(unavailable)
    const point = { kty, crv, x, y } as JsonWebKey
    return subtle.importKey('jwk', point, ECDSA, true, ['verify']).catch(unavailable)
  }
  const publicKey = () => {
    found ??= findPublicKey()
    return found
  }
  return {
    sign: async (text) => new Uint8Array(await subtle.sign(ECDSA, privateKey, bytes(text))),
    verify: async (text, signature) =>
      subtle.verify(ECDSA, await publicKey(), signature as Uint8Array<ArrayBuffer>, bytes(text)),
    publicKey: async () => new Uint8Array(await subtle.exportKey('raw', await publicKey())),
  }
}
