import { failWith } from '../model/errors.ts'
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
const NONE = /* @__PURE__ */ new Uint8Array()

const broken = (): never => failWith('invalid-chunk', 'a line of the frames does not end in CRLF.')

/** Throws that the body ends before its frames do. */
export const cutOff = (): never => failWith('invalid-chunk', 'the body was cut off before its end.')

/** A buffer that holds one piece of the input, or the beginning of a line. */
export function byteBuffer(): ByteBuffer {
  // ISO 8859-1 makes a text as long as its bytes.
  const latin1 = new TextDecoder('latin1')
  let piece: Uint8Array = NONE
  /** Where in the piece the next byte is. */
  let at = 0
  /** May end in its CR. */
  let begun = ''

  const end = (next: number): string => {
    if (piece[next - 1] !== LF) broken()
    const line = begun
    begun = ''
    at = next
    return line
  }

  return {
    feed({ done, value }) {
      if (done) return begun ? broken() : false
      piece = bytesOf(value)
      at = 0
      return true
    },
    take(most) {
      const from = at
      if (from === piece.byteLength) return undefined
      at = Math.min(piece.byteLength, from + most)
      return from === 0 && at === piece.byteLength ? piece : piece.subarray(from, at)
    },
    line(most) {
      if (at === piece.byteLength) return undefined
      if (begun.endsWith('\r')) {
        begun = begun.slice(0, -1)
        return end(at + 1)
      }
      const found = piece.indexOf(CR, at)
      const stop = found < 0 ? piece.byteLength : found
      if (begun.length + stop - at > most)
        return most > 0
          ? failWith('chunk-limit', `a line of the frames is longer than ${most} bytes.`)
          : broken()
      if (stop > at) begun += latin1.decode(piece.subarray(at, stop))
      if (stop + 1 < piece.byteLength) return end(stop + 2)
      if (found >= 0) begun += '\r'
      at = piece.byteLength
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
