import { fail } from '../errors.ts'
import { bytesOf, type Input } from './streams.ts'

/** What an input answers: bytes, or that it has ended. */
export interface Answer {
  readonly done?: boolean
  readonly value?: unknown
}

/** Bytes on their way from an input, taken out in pieces and lines wherever they are split. */
export interface ByteBuffer {
  /** Puts in what an input answers, once all before is taken out; false where it has ended. */
  feed(answer: Answer): boolean
  /** Up to `most` of the next bytes, the input's own, cut but not copied; undefined where it is empty. */
  take(most: number): Uint8Array | undefined
  /** The next line without its CRLF, of `most` characters at the most; undefined where it is not whole. */
  line(most: number): string | undefined
}

const CR = 13
const LF = 10

const broken = (): never => fail('invalid-chunk', 'lines that end in CRLF')

/** A buffer that holds one piece of the input, or the beginning of a line. */
export function byteBuffer(): ByteBuffer {
  // Byte for byte, so that a text is as long as its bytes.
  const latin1 = new TextDecoder('latin1')
  /** Never an empty one. */
  let rest: Uint8Array | undefined
  /** May end in its CR. */
  let begun = ''

  const skip = (piece: Uint8Array, count: number): void => {
    rest = piece.byteLength > count ? piece.subarray(count) : undefined
  }
  const end = (piece: Uint8Array, count: number): string => {
    if (piece[count - 1] !== LF) broken()
    const line = begun
    begun = ''
    skip(piece, count)
    return line
  }

  return {
    feed({ done, value }) {
      if (done) return begun ? broken() : false
      const piece = bytesOf(value)
      if (piece.byteLength > 0) rest = piece
      return true
    },
    take(most) {
      const piece = rest
      if (!piece) return undefined
      skip(piece, most)
      return rest ? piece.subarray(0, most) : piece
    },
    line(most) {
      const piece = rest
      if (!piece) return undefined
      if (begun.endsWith('\r')) {
        begun = begun.slice(0, -1)
        return end(piece, 1)
      }
      const cr = piece.indexOf(CR)
      const room = most - begun.length
      const part = cr < 0 ? Math.min(piece.byteLength, room + 1) : cr
      if (part > room)
        return most > 0 ? fail('chunk-limit', `lines of at most ${most} bytes`) : broken()
      if (part > 0) begun += latin1.decode(piece.subarray(0, part))
      if (cr >= 0 && cr + 1 < piece.byteLength) return end(piece, cr + 2)
      if (cr >= 0) begun += '\r'
      rest = undefined
      return undefined
    },
  }
}

/** The next line, waited for; undefined where the input has ended. */
export async function readLine(
  buffer: ByteBuffer,
  input: Input,
  most: number,
): Promise<string | undefined> {
  for (;;) {
    const line = buffer.line(most)
    if (line !== undefined) return line
    if (!buffer.feed(await input.next())) return undefined
  }
}
