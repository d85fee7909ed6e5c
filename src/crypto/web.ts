import type { Awaitable } from '../lib/awaitable.ts'
import { hex } from '../lib/hex.ts'
import { ensure } from '../model/errors.ts'
import type { CryptoBackend, HmacKey } from './backend.ts'

const bytes = (data: unknown) =>
  (typeof data === 'string' ? new TextEncoder().encode(data) : data) as Uint8Array<ArrayBuffer>

const subtle = (): SubtleCrypto =>
  ensure(globalThis.crypto?.subtle, 'crypto-unavailable', 'https or countersign/sync')

/** A key that signs and cannot be read, of a text, of bytes, or of itself. */
export const importKey = (key: HmacKey): Awaitable<CryptoKey> =>
  (key as CryptoKey).type
    ? (key as CryptoKey)
    : subtle().importKey('raw', bytes(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

const hmac = async (key: HmacKey, data: string | Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await subtle().sign('HMAC', await importKey(key), bytes(data)))

/** A backend for many calls: itself, as bundlers see, since this one has nothing to share. */
export function serial(platform: CryptoBackend): CryptoBackend {
  return platform
}

/** `crypto.subtle`, which browsers and workers have in a secure context. */
export const backend: CryptoBackend = {
  sha256: async (data) => hex(await subtle().digest('SHA-256', bytes(data))),
  importKey,
  hmac,
  hmacHex: async (key, data) => hex(await hmac(key, data)),
}
