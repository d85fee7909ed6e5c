import { createHash } from 'node:crypto'
import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh'
import type { HeaderFields } from '../../canonical/headers.ts'
import { startPortable } from '../../crypto/checksums.ts'
import { base64 } from '../../lib/base64.ts'
import { type Checksums, checksumField, checksumOf } from '../../s3/checksums.ts'
import { announcedIn } from '../../s3/trailer.ts'

/** The checksums that S3's clients send beside those built in. */
export const checksums: Checksums = {
  sha512: () => createHash('sha512'),
  xxhash3: () => new Xxh3_64(),
  xxhash64: () => new Xxh64(),
  xxhash128: () => new Xxh3_128(),
}

/** Values by S3's names of checksums, such as `crc32`. */
export type Values = Readonly<Record<string, string>>

/** What has checksums, and whether an object's are of its bytes, or of the checksums of its parts. */
export interface Checked {
  readonly checksums: Values
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE' | undefined
}

/** The checksum of bytes; empty for a name that nobody knows. */
export async function digestOf(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const known = Object.hasOwn(checksums, name) ? checksums[name]?.() : startPortable(name)
  known?.update(bytes)
  return (await known?.digest()) ?? new Uint8Array()
}

/** The values that header fields, or those of a form, state; HTTP's own MD5 is none that S3 keeps. */
export function statedValues({ 'content-md5': _, ...fields }: HeaderFields): Values {
  const named = Object.entries(fields).map(([field, value]) => [checksumOf(field), value] as const)
  return Object.fromEntries(named.filter(([name]) => name !== undefined))
}

/** The checksums of a body by their names, in base64. */
export async function valuesOf(names: readonly string[], body: Uint8Array): Promise<Values> {
  const values = names.map(async (name) => [name, base64(await digestOf(name, body))] as const)
  return Object.fromEntries(await Promise.all(values))
}

/** The checksums of a body that its header or its trailer states: they have been found right. */
export function keptValues(headers: HeaderFields, body: Uint8Array): Promise<Values> {
  const trailer = Object.fromEntries([...announcedIn(headers)].map((field) => [field, '']))
  return valuesOf(Object.keys(statedValues({ ...headers, ...trailer })), body)
}

function spelled({ checksums, checksumType: type }: Checked, spell: (name: string) => string) {
  const isTold = type && Object.keys(checksums).length > 0
  const told = Object.entries({ ...checksums, ...(isTold && { type }) })
  return Object.fromEntries(told.map(([name, value]) => [spell(name), value]))
}

/** Checksums and their type as header fields. */
export const asHeaders = (of: Checked): Record<string, string> => spelled(of, checksumField)

/** Checksums and their type as elements: `ChecksumCRC32`. */
export const asElements = (of: Checked): Record<string, string> =>
  spelled(of, (name) => `Checksum${name === 'type' ? 'Type' : name.toUpperCase()}`)
