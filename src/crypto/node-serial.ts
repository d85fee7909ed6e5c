import { equalConstantTime } from '../lib/constant-time.ts'
import type { CryptoBackend, HmacKey } from './backend.ts'

type Hash = (algorithm: string, data: Uint8Array, encoding: 'hex' | 'binary') => string
type Macs = Pick<CryptoBackend, 'hmac' | 'hmacHex'>

/** Bytes of a block of SHA-256, and of its digest. */
const BLOCK = 64
const DIGEST = 32
/** Bytes of a text that is worth it; strings to sign are shorter. */
const ROOM = 512

/**
 * The HMAC of short texts, one after another, as RFC 2104 has it over two SHA-256: in Node, making
 * an HMAC object costs as much as both. What does not fit is left to `other`.
 */
export function serialMacs(hash: Hash, other: Macs): Macs {
  // From Node's pool, as a room is made for a single signature too; it is written before it is read.
  const inner = Buffer.allocUnsafe(BLOCK + ROOM)
  const outer = Buffer.allocUnsafe(BLOCK + DIGEST)
  let length = -1
  // Strings to sign of one scope have one length, and cutting a view costs as much as writing one.
  let message = inner

  const fits = (key: HmacKey, data: string | Uint8Array): data is string =>
    typeof data === 'string' &&
    3 * data.length <= ROOM &&
    (key instanceof Uint8Array
      ? key.length <= BLOCK
      : typeof key === 'string' && Buffer.byteLength(key) <= BLOCK)

  const mac = (key: Uint8Array | string, data: string, encoding: 'hex' | 'binary'): string => {
    const bytes = typeof key === 'string' ? Buffer.from(key) : key
    if (length !== bytes.length) {
      inner.fill(0x36, 0, BLOCK)
      outer.fill(0x5c, 0, BLOCK)
      length = bytes.length
    }
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number
      inner[at] = byte ^ 0x36
      outer[at] = byte ^ 0x5c
    }
    const end = BLOCK + inner.write(data, BLOCK)
    if (message.length !== end) message = inner.subarray(0, end)
    outer.write(hash('sha256', message, 'binary'), BLOCK, 'binary')
    return hash('sha256', outer, encoding)
  }

  return {
    hmac(key, data) {
      if (!fits(key, data)) return other.hmac(key, data)
      const text = mac(key as string, data, 'binary')
      // Bytes of its own: those of Node's pool would be handed on with what lies beside them.
      const bytes = new Uint8Array(DIGEST)
      for (let at = 0; at < DIGEST; at++) bytes[at] = text.charCodeAt(at)
      return bytes
    },
    hmacHex: (key, data) =>
      fits(key, data) ? mac(key as string, data, 'hex') : other.hmacHex(key, data),
  }
}

/** Characters of a signature. */
const SIGNATURE = 64

/** Characters of the longest text that goes into the room of a token. */
const TOKEN = 2048

/** Room to compare texts of one length in, four bytes at a time: allocating it costs as much as comparing. */
function roomFor(length: number) {
  const left = Buffer.alloc(3 * length)
  const right = Buffer.alloc(3 * length)
  const words = length >> 2
  return {
    left,
    right,
    leftWords: new Int32Array(left.buffer, left.byteOffset, words),
    rightWords: new Int32Array(right.buffer, right.byteOffset, words),
    expected: '',
    isAscii: true,
  }
}

/** Compares bytes in a time that tells nothing but their number. */
function equalRooms(
  { left, right, leftWords, rightWords }: ReturnType<typeof roomFor>,
  length: number,
): boolean {
  let difference = 0
  for (let at = 0; at < leftWords.length; at++)
    difference |= (leftWords[at] as number) ^ (rightWords[at] as number)
  for (let at = length & ~3; at < length; at++)
    difference |= (left[at] as number) ^ (right[at] as number)
  return difference === 0
}

/**
 * Compares in constant time, texts of ASCII by words: of a session token, that takes half as long as
 * OpenSSL's comparison.
 */
export function serialEqual(): (expected: string, received: string) => boolean {
  const rooms: ReturnType<typeof roomFor>[] = []
  return (expected, received) => {
    const { length } = expected
    // Where there is no token, there is nothing to compare, and no room to make.
    if (length !== received.length || length === 0) return length === received.length
    if (length > TOKEN) return equalConstantTime(expected, received)
    rooms[length] ??= roomFor(length)
    const room = rooms[length]
    // A held session token is the last one, most often, and need not be written again. A signature
    // never is, and its time must not tell how much of the last one it shares.
    if (length === SIGNATURE || room.expected !== expected) {
      room.expected = expected
      room.isAscii = room.left.write(expected) === length
    }
    return room.isAscii && room.right.write(received) === length
      ? equalRooms(room, length)
      : equalConstantTime(expected, received)
  }
}
