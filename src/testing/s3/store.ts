import { createHash } from 'node:crypto'
import { hex } from '../../lib/hex.ts'
import { type Answer, type ServiceRequest, type Xml, xmlAnswer } from '../answers.ts'
import { errorAnswer } from '../protocols/protocols.ts'
import { asHeaders, type Values } from './checksums.ts'
import type { ObjectPlace } from './operations.ts'

/** An object as it was put. */
export interface StoredObject {
  readonly body: Uint8Array
  /** Quoted, as in the header. */
  readonly etag: string
  readonly modified: Date
  /** What of the request's headers comes back with the object. */
  readonly headers: Readonly<Record<string, string>>
  readonly checksums: Values
  /** Whether a checksum is of the bytes, or of the checksums of the parts. */
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE'
}

/** The objects of a bucket by key. */
export type Bucket = Map<string, StoredObject>

/** Buckets by name, in memory. */
export type Store = Map<string, Bucket>

/** The calls of a part of S3 by their names. */
export type Calls<Found = Answer> = Readonly<
  Record<string, (place: ObjectPlace, request: ServiceRequest) => Found | Promise<Found>>
>

/** Keeps an object; its bucket is made where there is none. */
export const keep = (store: Store, [bucket, key]: ObjectPlace, object: StoredObject): void => {
  store.set(bucket, (store.get(bucket) ?? new Map()).set(key, object))
}

export const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest()

/** An object, whole unless it says otherwise. */
export const storedObject = (
  body: Uint8Array,
  modified: Date,
  more: Partial<StoredObject> = {},
): StoredObject => ({
  ...{ body, modified, headers: {}, checksums: {}, checksumType: 'FULL_OBJECT' },
  ...{ etag: `"${hex(md5(body))}"`, ...more },
})

/** What the answer to a put, or to who asks for it, says of checksums. */
export const checksumHeaders = (object: StoredObject): Record<string, string> => {
  const values = asHeaders(object.checksums)
  return values && Object.keys(values)[0]
    ? { ...values, 'x-amz-checksum-type': object.checksumType }
    : {}
}

const KEPT =
  /^(x-amz-meta-.*|x-amz-website-redirect-location|content-(type|encoding|disposition|language)|cache-control|expires)$/

/** The headers of a request, or fields of a form, that are kept with its object. */
export const keptHeaders = (fields: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries(
    [...fields]
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => [name, value.replace(/(^|, *)aws-chunked($|, *)/, '')] as const)
      .filter(([, value]) => value !== ''),
  )

/** A document of S3. */
export const s3Answer = (name: string, content: Xml): Answer =>
  xmlAnswer(`${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`, content)

/** The errors that this server has beside those of signatures and bodies. */
const ERRORS = {
  AccessForbidden: [403, 'CORSResponse: This CORS request is not allowed.'],
  BadDigest: [400, 'The checksum that you stated is not that of the bytes that came.'],
  BucketNotEmpty: [409, 'The bucket that you tried to delete is not empty.'],
  InvalidArgument: [400, 'Part number must be an integer between 1 and 10000, inclusive.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'x-amz-content-sha256 is invalid: only the body of an object streams.'],
  MalformedXML: [400, 'The XML that you provided was not well formed or did not validate.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions that you specified did not hold.'],
} as const

/** An error of S3, in its words. */
export const s3Error = (code: keyof typeof ERRORS): Answer =>
  errorAnswer('s3', ERRORS[code][0], code, ERRORS[code][1])
