import * as nodeCrypto from 'node:crypto'
import { type P256Key, pkcs8 } from './p256.ts'

/** P-256 of `node:crypto`, which Node, Bun and Deno have: synchronous inside. */
export const p256 = (scalar: Uint8Array): P256Key => {
  const der = Buffer.from(pkcs8(scalar))
  const privateKey = nodeCrypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = nodeCrypto.createPublicKey(privateKey)
  // All platforms have r‖s; OpenSSL's own form would be DER.
  const dsaEncoding = 'ieee-p1363'
  return {
    sign: (text) => nodeCrypto.sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding }),
    verify: (text, signature) =>
      nodeCrypto.verify('sha256', Buffer.from(text), { key: publicKey, dsaEncoding }, signature),
    // The point stands at the end of SubjectPublicKeyInfo.
    publicKey: () =>
      Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-65)),
  }
}
