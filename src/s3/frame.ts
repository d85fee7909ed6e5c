/** The spelling of what stands between the chunks: `SIZE[;chunk-signature=…]` and the trailer's lines. */

/** Field of the trailer that signs the fields before it. */
export const TRAILER_SIGNATURE = 'x-amz-trailer-signature'

const SIGNATURE = ';chunk-signature='
const SIZE = /^([\da-f]{1,12}|[\dA-F]{1,12})$/

/** Characters of a signature in a frame: ECDSA's vary in length, and `*` fills them up. */
export const signatureWidth = (algorithm: string | undefined): number =>
  algorithm === undefined ? 0 : /ECDSA/.test(algorithm) ? 144 : 64

/** What stands before a chunk's bytes. */
export interface ChunkHead {
  readonly size: number
  /** Undefined where chunks are not signed. */
  readonly signature: string | undefined
}

const padded = (signature: string, width: number): string => signature.padEnd(width, '*')

/** `SIZE;chunk-signature=…` and its CRLF, the signature filled up to its width. */
export const formatChunkHead = ({ size, signature }: ChunkHead, width: number): string =>
  `${size.toString(16)}${signature === undefined ? '' : SIGNATURE + padded(signature, width)}\r\n`

/**
 * A chunk's head without its CRLF, or undefined where it is none. Some clients write the size in
 * upper case.
 */
export function parseChunkHead(line: string, width: number): ChunkHead | undefined {
  const at = width > 0 ? line.indexOf(SIGNATURE) : line.length
  const digits = at < 0 ? '' : line.slice(0, at)
  if (!SIZE.test(digits)) return undefined
  const size = Number.parseInt(digits, 16)
  if (width === 0) return { size, signature: undefined }
  const signature = parseSignature(line.slice(at + SIGNATURE.length), width)
  return signature === undefined ? undefined : { size, signature }
}

const SLAB = 4096

/** Makes bytes of short texts, many in one buffer: a buffer for each costs more than its text. */
export function frameWriter(): (text: string) => Uint8Array {
  const encoder = new TextEncoder()
  let slab: Uint8Array = new Uint8Array()
  return (text) => {
    const most = 3 * text.length
    if (slab.byteLength < most) slab = new Uint8Array(SLAB + most)
    const { written } = encoder.encodeInto(text, slab)
    const bytes = slab.subarray(0, written)
    slab = slab.subarray(written)
    return bytes
  }
}

/** A field of a trailer; the name in lower case. */
export type TrailerField = readonly [name: string, value: string]

/** The text of a trailer that is signed: its fields sorted by name, a line each. */
export const canonicalTrailer = (fields: readonly TrailerField[]): string =>
  [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')

/** The lines of a trailer, each with its CRLF, the signature last. */
export const formatTrailer = (
  fields: readonly TrailerField[],
  signature: string | undefined,
  width: number,
): string =>
  [...fields, ...(signature === undefined ? [] : [[TRAILER_SIGNATURE, padded(signature, width)]])]
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')

/**
 * A line of a trailer without its CRLF, or undefined where it is none. A checksum may have a newline
 * before the CRLF, as minio-go sends it; a signature, which would then have two spellings, may not.
 */
export function parseTrailerLine(line: string): TrailerField | undefined {
  const field = line.startsWith('x-amz-checksum-') ? line.replace(/\n$/, '') : line
  const [, name, value] = /^([a-z\d-]+):[ \t]*([!-~]*)$/.exec(field) ?? []
  return name === undefined || value === undefined ? undefined : [name, value]
}

/**
 * A signature without what fills it up to its width, or undefined where it is too long. Whether it is
 * one at all is for its algorithm to say.
 */
export const parseSignature = (text: string, width: number): string | undefined => {
  if (text.length > width) return undefined
  return text.includes('*') ? /^([^*]+)\**$/.exec(text)?.[1] : text
}

/** How many bytes a body takes in frames. */
export function framedLength(
  length: number,
  chunkSize: number,
  width: number,
  trailer: readonly TrailerField[],
): number {
  // Whatever a signature is, it is filled up to its width.
  const signature = width > 0 ? '' : undefined
  const framed = (size: number) =>
    formatChunkHead({ size, signature }, width).length + size + '\r\n'.length
  const last = length % chunkSize
  return (
    ((length - last) / chunkSize) * framed(chunkSize) +
    (last && framed(last)) +
    framed(0) +
    formatTrailer(trailer, trailer.length > 0 ? signature : undefined, width).length
  )
}
