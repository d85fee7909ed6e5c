import { fail } from '../errors.ts'
import { hex } from '../lib/bytes.ts'
import type { CryptoBackend, HmacKey } from './backend.ts'

const bytes = (data: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  (typeof data === 'string' ? new TextEncoder().encode(data) : data) as Uint8Array<ArrayBuffer>

const subtle = (): SubtleCrypto =>
  globalThis.crypto?.subtle ??
  fail('crypto-unavailable', "No crypto.subtle (plain http?): use https or 'countersign/sync'.")

/** `crypto.subtle`, which browsers and workers have in a secure context. */
export const backend: CryptoBackend = {
  sha256: async (data: string | Uint8Array): Promise<string> =>
    hex(new Uint8Array(await subtle().digest('SHA-256', bytes(data)))),
  hmac: async (key: HmacKey, data: string | Uint8Array): Promise<Uint8Array> => {
    const cryptoKey =
      typeof key === 'string' || ArrayBuffer.isView(key)
        ? await subtle().importKey(
            'raw',
            bytes(key as string | Uint8Array),
            { name: 'HMAC', hash: 'SHA-256' },
            false,
            ['sign'],
          )
        : (key as CryptoKey)
    return new Uint8Array(await subtle().sign('HMAC', cryptoKey, bytes(data)))
  },
}
