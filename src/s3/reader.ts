import { fail } from '../errors.ts'
import type { Awaitable } from '../lib/steps.ts'
import type { Input } from './streams.ts'

/** Reads an input in bytes and in lines, wherever it is split; at once where the bytes are at hand. */
export interface ByteReader {
  /** Up to `most` of the next bytes, at least one; undefined at the end. */
  take(most: number): Awaitable<Uint8Array | undefined>
  /** The next line without its CRLF, of `most` characters at the most; undefined at the end. */
  line(most: number): Awaitable<string | undefined>
  /** Passes the CRLF that must be next. */
  lineEnd(): Awaitable<void>
}

const CR = 13
const LF = 10

function ascii(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** Reads an input; the pieces that it hands on are the input's own, cut but not copied. */
export function byteReader(input: Input): ByteReader {
  /** At hand, and never empty. */
  let rest: Uint8Array | undefined

  const skip = (piece: Uint8Array, count: number): void => {
    rest = piece.byteLength > count ? piece.subarray(count) : undefined
  }
  const cut = (piece: Uint8Array, most: number): Uint8Array => {
    skip(piece, most)
    return rest ? piece.subarray(0, most) : piece
  }
  async function more(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = await input.next()
      if (piece?.byteLength !== 0) return piece
    }
  }

  const take = (most: number): Awaitable<Uint8Array | undefined> =>
    rest ? cut(rest, most) : more().then((piece) => piece && cut(piece, most))

  async function expect(...bytes: readonly number[]): Promise<void> {
    for (const byte of bytes)
      if ((await take(1))?.[0] !== byte) fail('invalid-chunk', 'lines that end in CRLF')
  }

  async function lineInParts(most: number): Promise<string | undefined> {
    let text = ''
    for (;;) {
      const piece = rest ?? (await more())
      if (!piece) return text ? fail('invalid-chunk', 'the whole body') : undefined
      const near = piece.subarray(0, most - text.length + 1)
      const end = near.indexOf(CR)
      text += ascii(end < 0 ? near : near.subarray(0, end))
      if (text.length > most) fail('chunk-limit', `lines of at most ${most} bytes`)
      skip(piece, end < 0 ? near.byteLength : end + 1)
      if (end < 0) continue
      await expect(LF)
      return text
    }
  }

  return {
    take,
    line(most) {
      const end = rest ? rest.subarray(0, most + 1).indexOf(CR) : -1
      if (!rest || end < 0 || rest[end + 1] !== LF) return lineInParts(most)
      const text = ascii(rest.subarray(0, end))
      skip(rest, end + 2)
      return text
    },
    lineEnd() {
      if (rest?.[0] !== CR || rest[1] !== LF) return expect(CR, LF)
      return skip(rest, 2)
    },
  }
}
