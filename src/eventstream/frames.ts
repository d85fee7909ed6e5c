import { failWith } from '../model/errors.ts'
import type { Chunks } from './message.ts'

/** AWS's own limit of a frame, 24 MiB. */
const MOST_BYTES = 25_165_824

/** Bytes of the length that a frame begins with, and room for a short frame. */
const HEAD = 4
const SHORT = 1024

/** The length that a frame begins with. */
function lengthOf(head: Uint8Array): number {
  const length = new DataView(head.buffer).getUint32(0)
  if (length < 16 || length > MOST_BYTES)
    failWith('invalid-body', `a frame of ${length} bytes came, and not one of 16 bytes to 24 MiB.`)
  return length
}

/** A room for at least so many bytes, twice as large as the one before, and for no more than a frame. */
function larger(room: Uint8Array, least: number, most: number): Uint8Array {
  const wider = new Uint8Array(Math.min(most, Math.max(least, 2 * room.length)))
  wider.set(room)
  return wider
}

/**
 * Cuts bytes, however they were chunked on the way, into frames: each begins with its own length in
 * four bytes, big-endian. Holds the bytes of one frame at most, and none of the chunks.
 */
export async function* splitFrames(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  let room: Uint8Array = new Uint8Array(SHORT)
  let size = 0
  let length = 0
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + (length || HEAD) - size)
      at += taken.length
      // It grows with what has come, not with what the length promises.
      if (size + taken.length > room.length) room = larger(room, size + taken.length, length)
      room.set(taken, size)
      size += taken.length
      if (size === HEAD) length = lengthOf(room)
      if (size !== length) continue
      // A frame has bytes of its own: the room of a short one serves again, that of another goes with it.
      const frame = size < room.length ? room.slice(0, size) : room
      if (frame === room) room = new Uint8Array(SHORT)
      yield frame
      size = 0
      length = 0
    }
  if (size > 0) failWith('invalid-body', 'the stream was cut off within a frame.')
}
