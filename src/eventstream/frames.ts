import { concat } from '../lib/bytes.ts'
import { failWith } from '../model/errors.ts'
import type { Chunks } from './message.ts'

/** AWS's own limit of a frame, 24 MiB. */
const MOST_BYTES = 25_165_824

/**
 * Cuts bytes, however they were chunked on the way, into frames: each begins with its own length in
 * four bytes, big-endian. Holds one frame at most, and joins chunks once per frame.
 */
export async function* splitFrames(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  let parts: Uint8Array[] = []
  let size = 0
  let needed = 4
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    while (size >= needed) {
      const held = concat(parts)
      const length = new DataView(held.buffer, held.byteOffset, 4).getUint32(0)
      if (length < 16 || length > MOST_BYTES)
        failWith(
          'invalid-body',
          `a frame of ${length} bytes came, and not one of 16 bytes to 24 MiB.`,
        )
      if (size >= length) yield held.subarray(0, length)
      const rest = size >= length ? held.subarray(length) : held
      parts = [rest]
      size = rest.length
      needed = size >= 4 && rest === held ? length : 4
    }
  }
  if (size > 0) failWith('invalid-body', 'the stream was cut off within a frame.')
}
