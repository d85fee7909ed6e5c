import { failWith } from '../model/errors.ts'
import { type Answer, byteBuffer, cutOff, readLine } from './byte-buffer.ts'
import type { Chain } from './chain.ts'
import { parseChunkHead } from './frame.ts'
import { gatherer } from './pieces.ts'
import { failAfter, type Input, type Pull, type Sink } from './streams.ts'
import type { Trailer } from './trailer.ts'

/** The fewest bytes of a chunk that is not the last, for S3. */
const SMALLEST = 8192

/** The words of `chunkSizes`. */
export const CHUNK_SIZES = { chunkSizes: 'any|s3' }

/** The limits of a body, and who is told its trailer. */
export interface UnframeOptions {
  /** The most bytes that a signed chunk may have, as it is held until it is verified. Default: 16 MiB. */
  maxChunkSize?: number | undefined
  /** The most bytes that a line between the chunks may have. Default: 1024. */
  maxLineSize?: number | undefined
  /**
   * `s3`: a chunk under 8192 bytes that is not the last is refused, as S3 does; other servers take it.
   * Default: `any`.
   */
  chunkSizes?: 'any' | 's3' | undefined
  /** Told the trailing fields, names in lower case, once the whole body holds. Default: nobody is. */
  onTrailer?: ((fields: Readonly<Record<string, string>>) => void) | undefined
}

/** What holds a body to what was signed. */
export interface Bonds {
  /** Undefined where the chunks are not signed. */
  readonly chain: Chain | undefined
  /** Characters of a chunk's signature. */
  readonly width: number
  /** Undefined where the sender did not sign a length. */
  readonly length: number | undefined
  /** Undefined where the body ends with its chunks. */
  readonly trailer: Trailer | undefined
}

/** The chunks without their frames: a signed one as a whole once it holds, others as they come. */
export function unframing(
  input: Input,
  bind: () => Promise<Bonds>,
  { maxChunkSize = 0x1000000, maxLineSize = 1024, chunkSizes, onTrailer }: UnframeOptions,
): Pull {
  const buffer = byteBuffer()
  const held = gatherer()
  let bonds: Bonds | undefined
  let total = 0
  /** Bytes of the chunk before; none yet is as good as one of any size. */
  let before = SMALLEST
  /** Bytes that are still to come of the chunk. */
  let missing = 0
  /** Whether the CRLF of an unsigned chunk is still to come. */
  let lineEnd = false

  const nextLine = (most: number) => readLine(buffer, input, most)

  const more = (answer: Answer) => buffer.feed(answer) || cutOff()

  /** Reads to the end of the body; gives the fields of its trailer, where it has one. */
  async function readEnd(trailer: Trailer | undefined) {
    const fields = await trailer?.read(nextLine)
    // S3's documentation shows a trailer with one more CRLF after it.
    const after = await nextLine(maxLineSize)
    const rest = after === undefined ? after : await nextLine(maxLineSize)
    if (after || rest !== undefined || (after === '' && !trailer))
      failWith('invalid-chunk', 'there are bytes behind the last chunk.')
    return fields
  }

  async function readUnsigned(sink: Sink, trailer: Trailer | undefined): Promise<void> {
    let piece = buffer.take(missing)
    for (; !piece; piece = buffer.take(missing)) more(await input.next())
    trailer?.update(piece)
    missing -= piece.byteLength
    lineEnd = missing === 0
    sink.enqueue(piece)
  }

  return async (sink) => {
    try {
      bonds ??= await bind()
      const { chain, trailer, width, length } = bonds
      if (missing > 0) return await readUnsigned(sink, trailer)
      if (lineEnd) while (buffer.line(0) === undefined) more(await input.next())
      lineEnd = false
      let line = buffer.line(maxLineSize)
      for (; line === undefined; line = buffer.line(maxLineSize)) more(await input.next())
      const { size, signature = '' } =
        parseChunkHead(line, width) ??
        failWith('invalid-chunk', 'a chunk does not begin with its size and signature.')
      if (chunkSizes === 's3' && size > 0 && before < SMALLEST)
        failWith(
          'small-chunk',
          `a chunk of ${before} bytes is not the last; the fewest are ${SMALLEST}.`,
        )
      before = size
      total += size
      if (length !== undefined && (total > length || (size === 0 && total < length)))
        failWith('length-mismatch', `the chunks are not the ${length} bytes that were announced.`)
      missing = size
      if (!chain && size > 0) return await readUnsigned(sink, trailer)

      if (size > maxChunkSize)
        failWith('chunk-limit', `a chunk is larger than maxChunkSize, ${maxChunkSize} bytes.`)
      while (missing > 0) {
        const piece = buffer.take(missing)
        if (piece) {
          held.add(piece)
          missing -= piece.byteLength
        } else more(await input.next())
      }
      if (size > 0 || !trailer) while (buffer.line(0) === undefined) more(await input.next())
      const pieces = held.taken()
      const holds = chain?.holdsChunk(pieces, signature) ?? true
      if (!(typeof holds === 'boolean' ? holds : await holds))
        failWith(
          'chunk-mismatch',
          'the signature of a chunk does not hold: its bytes are not those signed.',
        )
      for (const piece of pieces) {
        trailer?.update(piece)
        sink.enqueue(piece)
      }
      if (size > 0) return
      const fields = await readEnd(trailer)
      await sink.close(() => fields && onTrailer?.(Object.fromEntries(fields)))
    } catch (error) {
      await failAfter(input.release(), error)
    }
  }
}
