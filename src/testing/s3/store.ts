import { createHash } from 'node:crypto'
import type { HeaderFields } from '../../canonical/headers.ts'
import type { Awaitable } from '../../lib/awaitable.ts'
import { hex } from '../../lib/hex.ts'
import { percentDecode } from '../../lib/percent.ts'
import type { Xml } from '../../lib/xml.ts'
import { type Answer, type Call, xmlAnswer } from '../answers.ts'
import { type ServiceError, serviceError } from '../protocols/service-error.ts'
import type { Checked } from './checksums.ts'

/** An object as it was put, or a part of one. */
export interface StoredObject extends Checked {
  readonly body: Uint8Array
  /** Quoted, as in the header. */
  readonly etag: string
  readonly modified: Date
  /** How large each of the parts was that it was put together of; absent where it was put at once. */
  readonly sizes?: readonly number[] | undefined
  /** What of the request's headers comes back with the object. */
  readonly headers: HeaderFields
}

/** An upload in parts, not yet complete. */
export interface Upload extends Pick<StoredObject, 'headers' | 'checksumType'> {
  readonly id: string
  readonly key: string
  readonly begun: Date
  /** Of the checksum of all parts: its name in lower case. */
  readonly algorithm: string
  readonly parts: Map<number, StoredObject>
}

/** The objects of a bucket by key, and its uploads by their ids. */
export interface Bucket {
  readonly objects: Map<string, StoredObject>
  readonly uploads: Map<string, Upload>
}

/** Where an object is. */
export interface Place {
  readonly bucket: string
  readonly key: string
}

/** A call of S3, with the buckets by their names. */
export interface S3Call extends Call, Place {
  readonly store: Map<string, Bucket>
}

/** What answers a call of S3; undefined where it knows nothing of it. */
export type S3Operation = (call: S3Call) => Awaitable<Answer | undefined>

// S3 reads a bare plus as a blank.
const decode = (text: string): string => percentDecode(text.replace(/\+/g, ' '))

/** Bucket and key of a request, the bucket in its host (`bucket.localhost`) or in its path. */
export function placeOf(path: string, host = ''): Place {
  const [, inHost] = /^(.+)\.(?:localhost(?::\d+)?$|s3[.-]|s3express-)/.exec(host) ?? []
  const [, first = '', rest = ''] = /^\/?([^/]*)\/?(.*)$/s.exec(path) ?? []
  return inHost
    ? { bucket: inHost, key: decode(path.slice(1)) }
    : // The SDK has one slash too many where a directory bucket stands in the path.
      { bucket: decode(first), key: decode(/--x-s3$/.test(first) ? rest.replace(/^\//, '') : rest) }
}

/** The errors that this server has beside those of signatures and bodies. */
const ERRORS = {
  AccessForbidden: [403, 'CORSResponse: This CORS request is not allowed.'],
  BadDigest: [400, 'The checksum that you stated is not that of the bytes that came.'],
  BucketNotEmpty: [409, 'The bucket that you tried to delete is not empty.'],
  InvalidArgument: [400, 'An argument of the request is not one that S3 takes.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidPartNumber: [416, 'The requested partnumber is not satisfiable.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'x-amz-content-sha256 is invalid: only the body of an object streams.'],
  MalformedXML: [400, 'The XML that you provided was not well formed or did not validate.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified upload does not exist.'],
  PreconditionFailed: [412, 'At least one of the pre-conditions that you specified did not hold.'],
} as const

/** An error of S3, in its words or in more of them. */
export const s3Error = (
  code: keyof typeof ERRORS,
  message: string = ERRORS[code][1],
): ServiceError => serviceError(ERRORS[code][0], code, message)

/** A whole number of the query within bounds; undefined where there is none. */
export function numberIn(
  query: URLSearchParams,
  name: string,
  most: number = 2 ** 31,
): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text)
  throw s3Error('InvalidArgument', `${name} must be a whole number of no more than ${most}.`)
}

/** A document of S3. */
export const s3Answer = (name: string, content: Xml, more?: Answer): Answer =>
  xmlAnswer(`${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`, content, more)

/** The bucket of a call, which must be there. */
export function bucketOf({ store, bucket }: Pick<S3Call, 'store' | 'bucket'>): Bucket {
  const found = store.get(bucket)
  if (!found) throw s3Error('NoSuchBucket')
  return found
}

/** The bucket of a call, made where there is none. */
export function openBucket({ store, bucket }: S3Call): Bucket {
  const found = store.get(bucket) ?? { objects: new Map(), uploads: new Map() }
  store.set(bucket, found)
  return found
}

/** The object of a place, which must be there. */
export function objectOf(of: Pick<S3Call, 'store' | 'bucket' | 'key'>): StoredObject {
  const found = bucketOf(of).objects.get(of.key)
  if (!found) throw s3Error('NoSuchKey')
  return found
}

export const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest()

/** What is stored of a call: its body, unless another is told. */
export function storedObject(
  { body: sent, time }: Call,
  more: Partial<StoredObject>,
): StoredObject {
  const { body = sent } = more
  return { body, modified: time, etag: `"${hex(md5(body))}"`, headers: {}, checksums: {}, ...more }
}

/** Keeps an object where a call says, whole unless it is of parts; its bucket is made where there is none. */
export function keepObject(call: S3Call, more: Partial<StoredObject>): StoredObject {
  const object = storedObject(call, { checksumType: 'FULL_OBJECT', ...more })
  openBucket(call).objects.set(call.key, object)
  return object
}

const KEPT =
  /^(x-amz-meta-.*|x-amz-(website-redirect-location|tagging)|content-(type|encoding|disposition|language)|cache-control|expires)$/

/** The headers of a request, or fields of a form, that are kept with its object. */
export const keptHeaders = (fields: HeaderFields): HeaderFields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => KEPT.test(name))
      .map(([name, value]) => [name, value.replace(/(^|, *)aws-chunked($|, *)/, '')] as const)
      .filter(([, value]) => value !== ''),
  )

/** What every document says of an object, or of a part. */
export const factsOf = ({ modified, etag }: StoredObject): Record<string, string> => ({
  LastModified: modified.toISOString(),
  ETag: etag,
})
