import { fail } from '../errors.ts'
import type { Input } from './streams.ts'

/** Reads an input in bytes and in lines, wherever it is split. */
export interface ByteReader {
  /** Up to `most` of the next bytes, at least one; undefined at the end. */
  take(most: number): Promise<Uint8Array | undefined>
  /** The next line without its CRLF, of `most` characters at the most; undefined at the end. */
  line(most: number): Promise<string | undefined>
  /** Passes a CRLF, which must be next. */
  lineEnd(): Promise<void>
}

const CR = 13
const LF = 10

/** Reads an input; the pieces that it hands on are the input's own, cut but not copied. */
export function byteReader(input: Input): ByteReader {
  let rest: Uint8Array | undefined

  async function fill(): Promise<Uint8Array | undefined> {
    while (!rest?.byteLength) {
      rest = await input.next()
      if (!rest) return undefined
    }
    return rest
  }

  async function take(most: number): Promise<Uint8Array | undefined> {
    const piece = await fill()
    if (!piece || piece.byteLength <= most) {
      rest = undefined
      return piece
    }
    rest = piece.subarray(most)
    return piece.subarray(0, most)
  }

  async function expect(byte: number): Promise<void> {
    if ((await take(1))?.[0] !== byte) fail('invalid-chunk', 'lines that end in CRLF')
  }

  async function line(most: number): Promise<string | undefined> {
    let text = ''
    for (;;) {
      const piece = await fill()
      if (!piece) return text ? fail('invalid-chunk', 'the whole body') : undefined
      const near = piece.subarray(0, most - text.length + 1)
      const end = near.indexOf(CR)
      for (const byte of end < 0 ? near : near.subarray(0, end)) text += String.fromCharCode(byte)
      if (text.length > most) fail('chunk-limit', `lines of at most ${most} bytes`)
      rest = piece.subarray(end < 0 ? near.byteLength : end + 1)
      if (end < 0) continue
      await expect(LF)
      return text
    }
  }

  return {
    take,
    line,
    async lineEnd() {
      await expect(CR)
      await expect(LF)
    },
  }
}
