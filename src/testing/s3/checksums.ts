import { createHash } from 'node:crypto'
import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh'
import { startPortable } from '../../crypto/checksums.ts'
import { base64 } from '../../lib/base64.ts'
import { type Checksums, checksumField, checksumOf } from '../../s3/checksums.ts'

/** The checksums that S3's clients send beside those built in. */
export const checksums: Checksums = {
  sha512: () => createHash('sha512'),
  xxhash3: () => new Xxh3_64(),
  xxhash64: () => new Xxh64(),
  xxhash128: () => new Xxh3_128(),
}

/** Values by S3's names of checksums, such as `crc32`. */
export type Values = Readonly<Record<string, string>>

/** The checksum of bytes, in base64; empty for a name that nobody knows. */
export async function checksumValue(name: string, bytes: Uint8Array): Promise<string> {
  const isHash = /^(md5|sha1|sha256)$/.test(name)
  const running = isHash ? createHash(name) : (checksums[name]?.() ?? startPortable(name))
  running?.update(bytes)
  return running ? base64(await running.digest()) : ''
}

/** The name of the checksum that a field is of; an MD5 of HTTP's own is not one that S3 keeps. */
const nameOf = (field: string): string =>
  field === 'content-md5' ? '' : (checksumOf(field.trim()) ?? '')

const withNames = (entries: readonly (readonly [string, string])[]): Values =>
  Object.fromEntries(entries.filter(([name]) => name !== ''))

/** The values that header fields, or those of a form, state. */
export const statedValues = (fields: Iterable<readonly [string, string]>): Values =>
  withNames([...fields].map(([field, value]) => [nameOf(field), value] as const))

/** The checksums of a body that its header or its trailer states: they have been found right. */
export async function keptValues(
  headers: ReadonlyMap<string, string>,
  body: Uint8Array,
): Promise<Values> {
  const [name = ''] = (headers.get('x-amz-trailer') ?? '').toLowerCase().split(',').map(nameOf)
  return { ...withNames([[name, await checksumValue(name, body)]]), ...statedValues(headers) }
}

const renamed = (values: Values, rename: (name: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))

/** Values as header fields. */
export const asHeaders = (values: Values): Record<string, string> => renamed(values, checksumField)

/** Values as elements: `ChecksumCRC32`. */
export const asElements = (values: Values): Record<string, string> =>
  renamed(values, (name) => `Checksum${name.toUpperCase()}`)
