import type { ChecksumStream } from './backend.ts'
import { nodeCrc32, nodeCrypto } from './node-modules.ts'

/** The bytes of a 32-bit number, big-endian. */
const bytesOf = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

function startCrc32(): ChecksumStream | undefined {
  const crc32 = nodeCrc32()
  let value = 0
  return (
    crc32 && {
      update(data) {
        value = crc32(data, value)
      },
      digest: () => bytesOf(value),
    }
  )
}

/** A checksum that Node has by itself, by S3's name; undefined where it has none. */
export function startOnNode(name: string): ChecksumStream | undefined {
  if (name === 'crc32') return startCrc32()
  if (!/^(md5|sha1)$/.test(name)) return undefined
  try {
    const hash = nodeCrypto().createHash(name)
    return { update: (data) => void hash.update(data), digest: () => hash.digest() }
  } catch {
    // FIPS knows no MD5, which S3's clients send all the same.
    return undefined
  }
}
