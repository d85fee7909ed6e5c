import type { BytesBody } from '../model/types.ts'

/** The bytes that a view shows: itself where it is a `Uint8Array`. */
export const bytesOfView = (view: ArrayBufferView): Uint8Array =>
  view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** SHA-256 of nothing, in hex. */
export const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/**
 * The text or bytes of a body: empty where there is none, undefined where they are not at hand (a
 * stream, a form, a plain object).
 */
export function readBytes(body: unknown): string | Uint8Array | undefined {
  if (typeof body === 'string') return body
  if (body === undefined || body === null) return ''
  if (ArrayBuffer.isView(body)) return bytesOfView(body)
  // An ArrayBuffer of another realm is no instance of ours, but has its tag; what is array-like is not read.
  return Object.prototype.toString.call(body) === '[object ArrayBuffer]'
    ? new Uint8Array(body as ArrayBuffer)
    : undefined
}

/** Whether the bytes of a body are at hand. */
export const isAtHand = (body: unknown): body is BytesBody =>
  typeof body === 'string' || ((body as ArrayBuffer | null)?.byteLength ?? -1) >= 0

/** The bytes of a body at hand; a text is its UTF-8. */
export function toBytes(body: BytesBody): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  return ArrayBuffer.isView(body) ? bytesOfView(body) : new Uint8Array(body)
}

/** The bytes of several arrays in one: the array itself where there is one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
