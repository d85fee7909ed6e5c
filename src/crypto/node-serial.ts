import { equalConstantTime } from '../lib/bytes.ts'
import type { HmacKey } from './backend.ts'

type Hash = (algorithm: string, data: Uint8Array, encoding: 'hex' | 'binary') => string
type HmacHex = (key: HmacKey, data: string | Uint8Array) => string

const BLOCK = 64
/** Bytes of a text that is worth it; strings to sign are shorter. */
const ROOM = 1024

/**
 * The HMAC of short texts, one after another, as RFC 2104 has it over two SHA-256: in Node, making
 * an HMAC object costs as much as both.
 */
export function serialHmac(hash: Hash, hmacHex: HmacHex): HmacHex {
  const inner = Buffer.alloc(BLOCK + ROOM)
  const outer = Buffer.alloc(BLOCK + 32)
  let length = -1
  // Strings to sign of one scope have one length, and cutting a view costs as much as writing one.
  let message = inner

  return (key, data) => {
    const fits = key instanceof Uint8Array && key.length <= BLOCK
    if (!fits || typeof data !== 'string' || 3 * data.length > ROOM) return hmacHex(key, data)
    if (length !== key.length) {
      inner.fill(0x36, 0, BLOCK)
      outer.fill(0x5c, 0, BLOCK)
      length = key.length
    }
    for (let at = 0; at < length; at++) {
      const byte = key[at] as number
      inner[at] = byte ^ 0x36
      outer[at] = byte ^ 0x5c
    }
    const end = BLOCK + inner.write(data, BLOCK)
    if (message.length !== end) message = inner.subarray(0, end)
    outer.write(hash('sha256', message, 'binary'), BLOCK, 'binary')
    return hash('sha256', outer, 'hex')
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
    if (length !== received.length) return false
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
