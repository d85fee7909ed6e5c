import { createHash } from 'node:crypto'
import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh'
import type { Checksums } from '../s3/checksums.ts'

/** The checksums that S3's clients send beside those built in. */
export const checksums: Checksums = {
  sha512: () => createHash('sha512'),
  xxhash3: () => new Xxh3_64(),
  xxhash64: () => new Xxh64(),
  xxhash128: () => new Xxh3_128(),
}
