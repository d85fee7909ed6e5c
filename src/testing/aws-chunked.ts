const CARRIAGE_RETURN = 13

/** Text of bytes that are ASCII. */
const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/**
 * The body inside aws-chunked framing: `SIZE[;chunk-signature=…]CRLF BYTES CRLF …`. The chunks'
 * signatures are not looked at; undefined where the framing is broken.
 */
export function withoutFraming(framed: Uint8Array): Uint8Array | undefined {
  const chunks: Uint8Array[] = []
  let at = 0
  for (;;) {
    const end = framed.indexOf(CARRIAGE_RETURN, at)
    const [, digits] =
      /^([\da-f]{1,8})(;|$)/i.exec(ascii(framed.subarray(at, at + 100)).split('\r', 1)[0] ?? '') ??
      []
    if (end < 0 || digits === undefined) return undefined
    const size = Number.parseInt(digits, 16)
    if (size === 0) break
    const start = end + 2
    if (framed[start + size] !== CARRIAGE_RETURN) return undefined
    chunks.push(framed.subarray(start, start + size))
    at = start + size + 2
  }
  return concat(chunks)
}

/** One array of the bytes of several. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
