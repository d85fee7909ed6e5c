import { equalConstantTime } from '../lib/constant-time.ts'
import { once } from '../lib/remembered.ts'
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
  // Written to from their start, which Node checks less than a place within.
  const text = inner.subarray(BLOCK)
  const digest = outer.subarray(BLOCK)
  let length = BLOCK
  // Strings to sign of one scope have one length, and cutting a view costs as much as writing one.
  let message = inner

  const fits = (key: HmacKey, data: string | Uint8Array): data is string =>
    typeof data === 'string' &&
    3 * data.length <= ROOM &&
    (typeof key === 'string' || key instanceof Uint8Array)

  const mac = (key: Uint8Array | string, data: string, encoding: 'hex' | 'binary'): string => {
    const given = typeof key === 'string' ? Buffer.from(key) : key
    const bytes =
      given.length > BLOCK ? Buffer.from(hash('sha256', given, 'binary'), 'binary') : given
    // What a longer key leaves behind a shorter one; a key writes over its own part.
    if (bytes.length < length) {
      inner.fill(0x36, bytes.length, BLOCK)
      outer.fill(0x5c, bytes.length, BLOCK)
    }
    length = bytes.length
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number
      inner[at] = byte ^ 0x36
      outer[at] = byte ^ 0x5c
    }
    const end = BLOCK + text.write(data)
    if (message.length !== end) message = inner.subarray(0, end)
    digest.write(hash('sha256', message, 'binary'), 'binary')
    return hash('sha256', outer, encoding)
  }

  return {
    hmac(key, data) {
      if (!fits(key, data)) return other.hmac(key, data)
      const binary = mac(key as string, data, 'binary')
      // Bytes of its own: those of Node's pool would be handed on with what lies beside them.
      const bytes = new Uint8Array(DIGEST)
      for (let at = 0; at < DIGEST; at++) bytes[at] = binary.charCodeAt(at)
      return bytes
    },
    hmacHex: (key, data) =>
      fits(key, data) ? mac(key as string, data, 'hex') : other.hmacHex(key, data),
  }
}

/** Characters of a signature, and of the longest session token that goes into a room. */
const SIGNATURE = 64
const TOKEN = 2048

/** Room to compare texts in, four bytes at a time: allocating it costs as much as comparing. */
function roomFor(length: number) {
  const left = Buffer.alloc(3 * length)
  const right = Buffer.alloc(3 * length)
  return {
    left,
    right,
    leftWords: new Int32Array(left.buffer, left.byteOffset, length >> 2),
    rightWords: new Int32Array(right.buffer, right.byteOffset, length >> 2),
  }
}

/** Compares bytes in a time that tells nothing but their number. */
function equalRooms(
  { left, right, leftWords, rightWords }: ReturnType<typeof roomFor>,
  length: number,
): boolean {
  let difference = 0
  for (let at = 0; at < length >> 2; at++)
    difference |= (leftWords[at] as number) ^ (rightWords[at] as number)
  for (let at = length & ~3; at < length; at++)
    difference |= (left[at] as number) ^ (right[at] as number)
  return difference === 0
}

/**
 * Compares in constant time, texts of ASCII by words: of a session token, that takes half as long as
 * OpenSSL's comparison. The time tells the length of the received text alone.
 */
export function serialEqual(): (expected: string, received: string) => boolean {
  const small = once(() => roomFor(SIGNATURE))
  const large = once(() => roomFor(TOKEN))
  return (expected, received) => {
    const { length } = received
    if (length === 0) return expected.length === 0
    if (length > TOKEN) return equalConstantTime(expected, received)
    const room = length > SIGNATURE ? large() : small()
    // Where the lengths differ, as much is done, or the time would tell that there is a token.
    const same = expected.length === length
    const isAscii =
      room.left.write(same ? expected : received) === length &&
      room.right.write(received) === length
    return isAscii ? equalRooms(room, length) && same : equalConstantTime(expected, received)
  }
}
