/** A chunk as it stands in a body: its line, without the CRLF, and its bytes. */
export interface Frame {
  readonly head: string
  readonly data: string
}

/** The frames of a body in chunks, read as bytes of latin1. */
export interface Frames {
  /** The last one is empty. */
  readonly chunks: readonly Frame[]
  /** What follows the last line of all chunks. */
  readonly trailer: string
}

/** Takes a body in chunks apart; it is one that was just made, and so a good one. */
export function splitFrames(body: Uint8Array): Frames {
  const text = Buffer.from(body).toString('latin1')
  const chunks: Frame[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    const head = text.slice(at, end)
    const size = Number.parseInt(head, 16)
    at = end + 2
    chunks.push({ head, data: text.slice(at, at + size) })
    if (size === 0) return { chunks, trailer: text.slice(at) }
    at += size + 2
  }
}

/** Puts the frames of a body together, whatever they are by now. */
export function joinFrames({ chunks, trailer }: Frames): Uint8Array {
  const text = chunks.map(({ head, data }) => `${head}\r\n${data}${data && '\r\n'}`).join('')
  return Buffer.from(text + trailer, 'latin1')
}
