import * as nodeCrypto from 'node:crypto'
import type { HmacKey } from './backend.ts'

// `hash` came with Node 20.12; Deno and Bun may lack it.
const hash = nodeCrypto.hash as typeof nodeCrypto.hash | undefined

/** `node:crypto`, which Node, Bun and Deno have: synchronous inside. */
export const backend = {
  sha256: (data: string | Uint8Array): string =>
    hash ? hash('sha256', data, 'hex') : nodeCrypto.createHash('sha256').update(data).digest('hex'),
  hmac: (key: HmacKey, data: string | Uint8Array): Uint8Array =>
    nodeCrypto
      .createHmac('sha256', key as nodeCrypto.BinaryLike)
      .update(data)
      .digest(),
  equal: (a: string, b: string): boolean =>
    a.length === b.length && nodeCrypto.timingSafeEqual(Buffer.from(a), Buffer.from(b)),
}
