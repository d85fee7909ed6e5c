import { decode, inPieces } from '../../s3/support.ts'
import { target } from '../target.ts'
import { algorithm, readUpload, uploadSeeds, uploads, wrongWith } from '../uploads.ts'

const CODES: readonly string[] = [
  ...['invalid-chunk', 'chunk-mismatch', 'trailer-mismatch', 'checksum-mismatch'],
  ...['length-mismatch', 'chunk-limit', 'unknown-checksum', 'invalid-checksum', 'small-chunk'],
]

const chunked = uploads.filter(({ isChunked }) => isChunked)

/** A chunked body, changed and cut in pieces: nothing is handed on but what was signed. */
export const decoding = target({
  name: 'decodeChunked',
  codes: [],
  cost: { fixed: 60, perByte: 0.05 },
  seeds: () => uploadSeeds(chunked),
  read: (input) => readUpload(chunked, input),
  call: ({ upload, bytes, cuts }) => decode(inPieces(bytes, cuts), upload.verified, { algorithm }),
  judge: ({ upload }, { bytes, code }) =>
    code === undefined || CODES.includes(code)
      ? wrongWith(upload, bytes, code === undefined)
      : `fails with ${code}`,
})
