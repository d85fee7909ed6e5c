import * as nodeCrypto from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import type {
  CryptoBackend,
  CryptoKeyLike,
  Hashable,
  HmacKey,
  KeyUse,
  Sha256Stream,
} from './backend.ts'
import { serialEqual, serialMacs } from './node-serial.ts'
import { backend as web } from './web.ts'

// `hash` came with Node 20.12; Deno and Bun may lack it.
const hash = nodeCrypto.hash as typeof nodeCrypto.hash | undefined

const bytes = (data: Hashable): nodeCrypto.BinaryLike =>
  typeof data === 'string' || ArrayBuffer.isView(data)
    ? (data as nodeCrypto.BinaryLike)
    : new Uint8Array(data)

// Node deprecates them in its own functions (DEP0203): they are WebCrypto's, and so asynchronous.
const isCryptoKey = (key: HmacKey): boolean => (key as CryptoKeyLike).extractable !== undefined

const mac = (key: HmacKey, data: string | Uint8Array) =>
  nodeCrypto.createHmac('sha256', key as nodeCrypto.BinaryLike).update(data)

const CHANNELS = { sign: channel('countersign:sign'), verify: channel('countersign:verify') }

/** `node:crypto`, which Node, Bun and Deno have: synchronous inside. */
export const backend = {
  sha256: (data: Hashable): string =>
    hash
      ? hash('sha256', bytes(data), 'hex')
      : nodeCrypto.createHash('sha256').update(bytes(data)).digest('hex'),
  hmac: (key: HmacKey, data: string | Uint8Array): Uint8Array =>
    isCryptoKey(key) ? (web.hmac(key, data) as never) : mac(key, data).digest(),
  hmacHex: (key: HmacKey, data: string | Uint8Array): string =>
    isCryptoKey(key) ? (web.hmacHex(key, data) as never) : mac(key, data).digest('hex'),
  sha256Stream: (): Sha256Stream => {
    const hash = nodeCrypto.createHash('sha256')
    return { update: (data) => void hash.update(data), digest: () => hash.digest('hex') }
  },
  watch: (verb: 'sign' | 'verify'): ((use: KeyUse) => void) | undefined => {
    const { hasSubscribers } = CHANNELS[verb]
    return hasSubscribers ? (use) => CHANNELS[verb].publish(use) : undefined
  },
  serial: (): CryptoBackend => {
    if (!hash) return backend
    const { hmac, hmacHex } = serialMacs(hash, backend)
    // Listed, as a spread takes longer than all the rest.
    const { sha256, sha256Stream, watch } = backend
    return { sha256, hmac, hmacHex, sha256Stream, watch, equal: serialEqual() }
  },
}
