/** Gathers the pieces of one chunk after another. */
export interface Gatherer {
  add(piece: Uint8Array): void
  /** The pieces that came since the last call, in order. */
  taken(): readonly Uint8Array[]
}

const SMALL = 1024
const SLAB = 16384

/**
 * Gathers pieces without copying them. Only small ones are copied, together, so that a chunk which
 * comes byte by byte costs no more memory than its bytes.
 */
export function gatherer(): Gatherer {
  let list: Uint8Array[] = []
  let slab: Uint8Array | undefined
  let start = 0
  let end = 0
  return {
    add(piece) {
      if (piece.byteLength > SMALL) {
        list.push(piece)
        start = end
        return
      }
      if (!slab || end + piece.byteLength > SLAB) {
        slab = new Uint8Array(SLAB)
        start = end = 0
      }
      slab.set(piece, end)
      end += piece.byteLength
      const run = slab.subarray(start, end)
      if (end - start > piece.byteLength) list[list.length - 1] = run
      else list.push(run)
    },
    taken() {
      const all = list
      list = []
      start = end
      return all
    },
  }
}
