import { Sha256 } from '@aws-crypto/sha256-js'
import { hex } from '../lib/hex.ts'
import { utf8 } from '../lib/utf8.ts'
import type { Hashable, SyncCryptoBackend } from './backend.ts'

const bytes = (data: Hashable): Uint8Array => {
  if (typeof data === 'string') return utf8(data)
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

const digest = (hash: Sha256, data: Hashable): Uint8Array => {
  hash.update(bytes(data))
  return hash.digestSync()
}

/** SHA-256 in JavaScript, for where the platform has no synchronous one. */
export const backend: SyncCryptoBackend = {
  sha256: (data: Hashable): string => hex(digest(new Sha256(), data)),
  hmac: (key: string | Uint8Array, data: string | Uint8Array): Uint8Array =>
    digest(new Sha256(bytes(key)), data),
  hmacHex: (key: string | Uint8Array, data: string | Uint8Array): string =>
    hex(backend.hmac(key, data)),
}
