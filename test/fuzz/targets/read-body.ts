import { isBodyFault, readBody } from 'countersign/s3'
import { inPieces } from '../../s3/support.ts'
import { target } from '../target.ts'
import { algorithm, readUpload, uploadSeeds, uploads, wrongWith } from '../uploads.ts'

/** A body of any kind, changed and cut in pieces: it ends with what was signed, or with a fault. */
export const readingBodies = target({
  name: 'readBody',
  codes: [],
  cost: { fixed: 60, perByte: 0.05 },
  seeds: () => uploadSeeds(uploads),
  read: (input) => readUpload(uploads, input),
  async call({ upload, bytes, cuts }) {
    const parts: Uint8Array[] = []
    try {
      const body = readBody(inPieces(bytes, cuts), upload.verified, { algorithm, maxLength: 32768 })
      for await (const part of body as AsyncIterable<Uint8Array>) parts.push(part)
    } catch (error) {
      if (!isBodyFault(error)) throw error
      return { bytes: Buffer.concat(parts), isWhole: false }
    }
    return { bytes: Buffer.concat(parts), isWhole: true }
  },
  judge: ({ upload }, { bytes, isWhole }) => wrongWith(upload, bytes, isWhole),
})
