import { fail } from '../errors.ts'
import type { Awaitable } from '../lib/steps.ts'
import { bytesOf, type Input } from './streams.ts'

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

/** Reads an input; the pieces that it hands on are the input's own, cut but not copied. */
export function byteReader(input: Input): ByteReader {
  // Byte for byte, so that a text is as long as its bytes.
  const latin1 = new TextDecoder('latin1')
  /** At hand, and never empty. */
  let rest: Uint8Array | undefined

  const skip = (piece: Uint8Array, count: number): void => {
    rest = piece.byteLength > count ? piece.subarray(count) : undefined
  }
  const cut = (piece: Uint8Array, most: number): Uint8Array => {
    skip(piece, most)
    return rest ? piece.subarray(0, most) : piece
  }
  const more = (): PromiseLike<Uint8Array | undefined> =>
    input.next().then(({ done, value }) => {
      if (done) return undefined
      const piece = bytesOf(value)
      return piece.byteLength ? piece : more()
    })

  const take = (most: number): Awaitable<Uint8Array | undefined> =>
    rest ? cut(rest, most) : more().then((piece) => piece && cut(piece, most))

  async function expect(...bytes: readonly number[]): Promise<void> {
    for (const byte of bytes)
      if ((await take(1))?.[0] !== byte) fail('invalid-chunk', 'lines that end in CRLF')
  }

  function passLineEnd(piece: Uint8Array | undefined): Awaitable<void> {
    rest = piece
    return piece?.[0] === CR && piece[1] === LF ? skip(piece, 2) : expect(CR, LF)
  }

  async function lineInParts(most: number): Promise<string | undefined> {
    let text = ''
    for (;;) {
      const piece = rest ?? (await more())
      if (!piece) return text ? fail('invalid-chunk', 'the whole body') : undefined
      const near = piece.subarray(0, most - text.length + 1)
      const end = near.indexOf(CR)
      text += latin1.decode(end < 0 ? near : near.subarray(0, end))
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
      const text = latin1.decode(rest.subarray(0, end))
      skip(rest, end + 2)
      return text
    },
    lineEnd() {
      return rest ? passLineEnd(rest) : more().then((piece) => passLineEnd(piece))
    },
  }
}
