import { createHash } from 'node:crypto'
import { concat } from '../lib/bytes.ts'
import { hex } from '../lib/hex.ts'

/** An object as it was put. */
export interface StoredObject {
  readonly body: Uint8Array
  /** Quoted, as in the header. */
  readonly etag: string
  readonly modified: Date
  /** What of the request's headers comes back with the object. */
  readonly headers: Readonly<Record<string, string>>
}

/** An upload in parts, not yet complete. */
export interface Upload {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, Uint8Array>
}

const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest()

const quotedHex = (bytes: Uint8Array, suffix = ''): string => `"${hex(bytes)}${suffix}"`

/** The etag of a body that came in one piece. */
export const etagOf = (body: Uint8Array): string => quotedHex(md5(body))

/** An object of one body. */
export const storedObject = (
  body: Uint8Array,
  headers: StoredObject['headers'],
  etag: string = etagOf(body),
): StoredObject => ({ body, headers, etag, modified: new Date() })

/** An object of the parts of an upload, with an etag of the kind that S3 gives it. */
export function assemble({ parts, headers }: Upload, numbers: readonly number[]): StoredObject {
  const bodies = numbers.map((number) => parts.get(number) ?? new Uint8Array())
  const etag = quotedHex(md5(concat(bodies.map(md5))), `-${bodies.length}`)
  return storedObject(concat(bodies), headers, etag)
}

const KEPT = /^(x-amz-meta-.*|content-(type|encoding|disposition|language)|cache-control|expires)$/

/** The headers of a request that are kept with its object. */
export const keptHeaders = (headers: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => [name, value.replace(/(^|, *)aws-chunked($|, *)/, '')] as const)
      .filter(([, value]) => value !== ''),
  )
