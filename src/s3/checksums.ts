import type { ChecksumStream, CryptoBackend } from '../crypto/backend.ts'
import { startPortable } from '../crypto/checksums.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { base64, fromBase64 } from '../lib/base64.ts'
import { fromHex } from '../lib/hex.ts'
import { CountersignError, failWith } from '../model/errors.ts'

/**
 * A checksum of bytes that come one after another. `crc32`, `crc32c`, `crc64nvme`, `md5`, `sha1` and
 * `sha256` are built in, and native where Node has them (`crc32`, `md5`, `sha1`, `sha256`); for others
 * `node:crypto`'s hashes fit as they are, and the classes of `@aws-sdk/checksums`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 * @example
 * import { createHash } from 'node:crypto'
 * import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh'
 * const checksums = {
 *   sha512: () => createHash('sha512'),
 *   xxhash64: () => new Xxh64(),
 *   xxhash3: () => new Xxh3_64(),
 *   xxhash128: () => new Xxh3_128(),
 * }
 */
export interface Checksum {
  /** Adds the next bytes of the body. */
  update(bytes: Uint8Array): void
  /** Ends the checksum: its bytes, which S3 writes in base64; those of a CRC big-endian. */
  digest(): Awaitable<Uint8Array>
}

/** S3's names of checksums that are built in; the server may know others. */
export type ChecksumName =
  | 'crc32'
  | 'crc32c'
  | 'crc64nvme'
  | 'md5'
  | 'sha1'
  | 'sha256'
  | (string & {})

/** How to start checksums by S3's names: others than those built in, or in their place. */
export type Checksums = Readonly<Record<string, () => Checksum>>

/** The field, in a header or a trailer, of a checksum. */
export const checksumField = (name: ChecksumName): string => `x-amz-checksum-${name}`

/**
 * The checksum that a field holds, in a header or, as AWS's own clients have it of an MD5 too, in a
 * trailer; what is said of one, its algorithm, mode and type, is none.
 */
export function checksumOf(field: string): ChecksumName | undefined {
  if (field === 'content-md5') return 'md5'
  const name = /^x-amz-checksum-([a-z\d]+)$/.exec(field)?.[1]
  return /^(algorithm|mode|type)$/.test(name ?? '') ? undefined : name
}

/** A checksum on the way through, and its value as S3 writes it. */
export interface Running {
  update(bytes: Uint8Array): void
  /** Base64. */
  value(): Promise<string>
}

/** Where checksums come from. */
export interface ChecksumSources {
  /** How to start those of the caller's. */
  readonly checksums: Checksums
  readonly crypto: CryptoBackend
}

/** A checksum of the platform; SHA-256 says its digest in hex. */
function ofPlatform(name: string, crypto: CryptoBackend): ChecksumStream | undefined {
  const sha256 = name === 'sha256' ? crypto.sha256Stream?.() : undefined
  return sha256
    ? { update: (bytes) => sha256.update(bytes), digest: () => fromHex(sha256.digest()) }
    : crypto.checksumStream?.(name)
}

/** Starts a checksum by its name: of the caller's, of the platform's, or of those built in. */
export function startChecksum(
  name: ChecksumName,
  { checksums, crypto }: ChecksumSources,
): Running | undefined {
  const start = Object.hasOwn(checksums, name) ? checksums[name] : undefined
  const running = start ? start() : (ofPlatform(name, crypto) ?? startPortable(name))
  return (
    running && {
      update: (bytes) => running.update(bytes),
      value: async () => base64(await running.digest()),
    }
  )
}

/** A checksum that a request states, to be compared with that of the bytes. */
export interface StatedChecksum {
  update(bytes: Uint8Array): void
  /** Throws where a value is not that of the bytes, or is no value of this checksum. */
  check(value: string): Promise<void>
}

/** Starts the checksum of which a field of a request has the value. */
export function startStated(
  field: string,
  name: ChecksumName,
  sources: ChecksumSources,
  place: 'header' | 'trailing header',
): StatedChecksum {
  const { update, value } =
    startChecksum(name, sources) ??
    failWith('unknown-checksum', `checksums has none for the announced ${field}.`)
  return {
    update,
    async check(stated) {
      const ours = await value()
      if (stated.length !== ours.length || !fromBase64(stated))
        throw Object.assign(
          new CountersignError('invalid-checksum', `the value for ${field} ${place} is invalid.`),
          { about: { header: field } },
        )
      if (stated !== ours)
        failWith('checksum-mismatch', `the bytes of the body are not those of ${field}.`)
    },
  }
}
