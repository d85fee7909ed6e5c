import { createHash } from 'node:crypto'
import type { Checksum, Checksums } from '../s3/checksums.ts'

/** A CRC of 32 bits, by its polynomial in reversed order. */
const crc32 = (polynomial: number) => (): Checksum => {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1
    return rest
  })
  let rest = -1
  return {
    update(bytes) {
      for (const byte of bytes) rest = (table[(rest ^ byte) & 255] as number) ^ (rest >>> 8)
    },
    digest() {
      const view = new DataView(new ArrayBuffer(4))
      view.setInt32(0, ~rest)
      return new Uint8Array(view.buffer)
    },
  }
}

/** The CRC of 64 bits that NVMe drives use. */
const crc64nvme = (): Checksum => {
  const polynomial = 0x9a6c9329ac4bc9b5n
  const table = BigUint64Array.from({ length: 256 }, (_, byte) => {
    let rest = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) rest = rest & 1n ? (rest >> 1n) ^ polynomial : rest >> 1n
    return rest
  })
  const ones = 0xffffffffffffffffn
  let rest = ones
  return {
    update(bytes) {
      for (const byte of bytes) rest = (table[Number(rest & 255n) ^ byte] as bigint) ^ (rest >> 8n)
    },
    digest() {
      const view = new DataView(new ArrayBuffer(8))
      view.setBigUint64(0, rest ^ ones)
      return new Uint8Array(view.buffer)
    },
  }
}

/** The checksums that S3's clients trail. */
export const checksums: Checksums = {
  crc32: crc32(0xedb88320),
  crc32c: crc32(0x82f63b78),
  crc64nvme,
  sha1: () => createHash('sha1'),
  sha256: () => createHash('sha256'),
}
