import { Crc64NvmeJs } from '@aws-sdk/checksums/crc'
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { ChecksumStream } from './backend.ts'
import { startCrc } from './crc.ts'

/** The checksums that S3 has had from the start, in JavaScript, by S3's names: for where the platform has none. */
export function startPortable(name: string): ChecksumStream | undefined {
  if (name === 'crc32') return startCrc(0xedb88320)
  if (name === 'crc32c') return startCrc(0x82f63b78)
  if (name === 'crc64nvme') return new Crc64NvmeJs()
  if (name === 'md5') return md5.create()
  if (name === 'sha1') return sha1.create()
  return name === 'sha256' ? sha256.create() : undefined
}
