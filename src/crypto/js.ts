import { RawSha256 } from '@aws-crypto/sha256-js/build/main/RawSha256.js'
import { hex } from '../lib/hex.ts'
import { utf8 } from '../lib/utf8.ts'
import type { CryptoBackend, Hashable, SyncCryptoBackend } from './backend.ts'

const bytes = (data: Hashable): Uint8Array => {
  if (typeof data === 'string') return utf8(data)
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

const digest = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = new RawSha256()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** @see https://www.rfc-editor.org/rfc/rfc2104#section-2 */
const hmac = (key: string | Uint8Array, data: string | Uint8Array): Uint8Array => {
  const given = bytes(key)
  const block = new Uint8Array(64)
  block.set(given.length > 64 ? digest(given) : given)
  const padded = (pad: number) => block.map((byte) => byte ^ pad)
  return digest(padded(0x5c), digest(padded(0x36), bytes(data)))
}

/** A backend for many calls: itself, as bundlers see, since this one has nothing to share. */
export const serial = (platform: CryptoBackend): CryptoBackend => platform

/** SHA-256 in JavaScript, for where the platform has no synchronous one. */
export const backend: SyncCryptoBackend = {
  sha256: (data: Hashable): string => hex(digest(bytes(data))),
  hmac,
  hmacHex: (key: string | Uint8Array, data: string | Uint8Array): string => hex(hmac(key, data)),
}
