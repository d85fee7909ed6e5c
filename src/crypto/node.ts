import type { BinaryLike } from 'node:crypto'
import type { Awaitable } from '../lib/awaitable.ts'
import type {
  ChecksumStream,
  CryptoKeyLike,
  Hashable,
  HmacKey,
  KeyUse,
  Platform,
  Sha256Stream,
  Stated,
  Verdict,
} from './backend.ts'
import { startOnNode } from './node-checksums.ts'
import { channels, nodeCrypto } from './node-modules.ts'
import { serialEqual, serialMacs } from './node-serial.ts'
import { tellVerdict } from './node-told.ts'
import { backend as web } from './web.ts'

// `hash` came with Node 20.12; Deno and Bun may lack it.
const oneShot = () => nodeCrypto().hash as typeof import('node:crypto').hash | undefined

const bytes = (data: Hashable): BinaryLike =>
  typeof data === 'string' || ArrayBuffer.isView(data) ? (data as BinaryLike) : new Uint8Array(data)

// A CryptoKey is WebCrypto's, and so asynchronous; Node deprecates it in its own functions (DEP0203).
const isCryptoKey = (key: HmacKey): boolean => (key as CryptoKeyLike).extractable !== undefined

const mac = (key: HmacKey, data: string | Uint8Array) =>
  nodeCrypto()
    .createHmac('sha256', key as BinaryLike)
    .update(data)

/** `node:crypto`, which Node, Bun and Deno have: synchronous inside. */
export const backend = {
  sha256: (data: Hashable): string => {
    const hash = oneShot()
    return hash
      ? hash('sha256', bytes(data), 'hex')
      : nodeCrypto().createHash('sha256').update(bytes(data)).digest('hex')
  },
  hmac: (key: HmacKey, data: string | Uint8Array): Uint8Array =>
    isCryptoKey(key) ? (web.hmac(key, data) as never) : mac(key, data).digest(),
  hmacHex: (key: HmacKey, data: string | Uint8Array): string =>
    isCryptoKey(key) ? (web.hmacHex(key, data) as never) : mac(key, data).digest('hex'),
  sha256Stream: (): Sha256Stream => {
    const hash = nodeCrypto().createHash('sha256')
    return { update: (data) => void hash.update(data), digest: () => hash.digest('hex') }
  },
  checksumStream: (name: string): ChecksumStream | undefined => startOnNode(name),
  watch: (verb: 'sign' | 'verify'): ((use: KeyUse) => void) | undefined => {
    const channel = channels()[verb]
    return channel.hasSubscribers ? (use) => channel.publish(use) : undefined
  },
  told: <V extends Verdict>(judge: () => Awaitable<V>, stated: Stated): Awaitable<V> => {
    const tell = backend.watch('verify')
    return tell ? tellVerdict(judge, stated, tell) : judge()
  },
  serial: (): Platform => {
    const hash = oneShot()
    if (!hash) return backend
    const { hmac, hmacHex } = serialMacs(hash, backend)
    // Listed, as a spread takes longer than all the rest.
    const { sha256, sha256Stream, checksumStream, watch, told } = backend
    const equal = serialEqual()
    return { sha256, hmac, hmacHex, sha256Stream, checksumStream, watch, told, equal }
  },
}

export { serial } from './backend.ts'
