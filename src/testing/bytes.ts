import { concat } from '../lib/bytes.ts'

/** All that a stream of bytes gives. */
export async function gather(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece as Uint8Array)
  return concat(pieces)
}
