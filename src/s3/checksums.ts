import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { base64 } from '../lib/base64.ts'
import { fromHex } from '../lib/hex.ts'

/**
 * A checksum of bytes that come one after another. `AwsCrc32` of `@aws-crypto/crc32`, `AwsCrc32c` of
 * `@aws-crypto/crc32c`, `Crc64Nvme` of `@aws-sdk/crc64-nvme` and `node:crypto`'s hashes fit as they
 * are.
 *
 * In Node choose `crc32` of `node:zlib` (20.15, 22.2 and later), which is native, or `sha256`. The
 * packages of CRCs run in JavaScript, and each takes several times as long as SHA-256 there: they
 * are for browsers, and for servers that must know what clients may send.
 *
 * @see https://nodejs.org/api/zlib.html#zlibcrc32data-value
 * @example
 * import { crc32 } from 'node:zlib'
 * function startCrc32(): Checksum {
 *   let value = 0
 *   return {
 *     update(bytes) {
 *       value = crc32(bytes, value)
 *     },
 *     digest: () => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value),
 *   }
 * }
 * const checksums = { crc32: startCrc32 }
 */
export interface Checksum {
  /** Adds the next bytes of the body. */
  update(bytes: Uint8Array): void
  /** Ends the checksum: its bytes, which S3 writes in base64; those of a CRC big-endian. */
  digest(): Awaitable<Uint8Array>
}

/** S3's names of checksums; the server may know others. */
export type ChecksumName = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256' | (string & {})

/** How to start each checksum; `sha256` is the platform's own where it can stream. */
export type Checksums = Readonly<Record<string, () => Checksum>>

/** The trailing field of a checksum. */
export const checksumField = (name: ChecksumName): string => `x-amz-checksum-${name}`

/** The checksum that a trailing field holds. */
export const checksumOf = (field: string): ChecksumName | undefined =>
  /^x-amz-checksum-([a-z\d]+)$/.exec(field)?.[1]

/** A checksum on the way through, and its value as S3 writes it. */
export interface Running {
  update(bytes: Uint8Array): void
  /** Base64. */
  value(): Promise<string>
}

/** Starts a checksum by its name: of those passed in, or SHA-256 of the platform; undefined where neither has it. */
export function startChecksum(
  name: ChecksumName,
  checksums: Checksums,
  crypto: CryptoBackend,
): Running | undefined {
  const start = Object.hasOwn(checksums, name) ? checksums[name] : undefined
  const own = start ?? (name === 'sha256' ? crypto.sha256Stream?.bind(crypto) : undefined)
  const running = own?.()
  return (
    running && {
      update: (bytes) => running.update(bytes),
      async value() {
        const digest = await running.digest()
        return base64(typeof digest === 'string' ? fromHex(digest) : digest)
      },
    }
  )
}
