import type { HeaderFields } from '../../canonical/headers.ts'
import type { Answer } from '../answers.ts'
import { asElements, asHeaders, keptValues } from './checksums.ts'
import {
  factsOf,
  keepObject,
  keptHeaders,
  numberIn,
  objectOf,
  placeOf,
  type S3Call,
  type S3Operation,
  type StoredObject,
  s3Answer,
  s3Error,
} from './store.ts'

/** An etag without its quotes. */
export const unquoted = (etag: string): string => etag.trim().replace(/^(W\/)?"(.*)"$/, '$2')

const isOneOf = (list: string, { etag }: StoredObject): boolean =>
  list.split(',').some((it) => it.trim() === '*' || unquoted(it) === unquoted(etag))

/** Whether an object was changed after a date of HTTP, which has whole seconds. */
const isNewer = ({ modified }: StoredObject, date: string): boolean =>
  Math.floor(Number(modified) / 1000) * 1000 > Date.parse(date)

/**
 * Whether an object is another than its reader has already, which a write takes for a condition that
 * does not hold; the other conditions must hold.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
function isNews(headers: HeaderFields, object: StoredObject, prefix = 'if-'): boolean {
  const names = ['match', 'unmodified-since', 'none-match', 'modified-since']
  const [match, unmodified, none, modified] = names.map((name) => headers[prefix + name])
  if (match !== undefined ? !isOneOf(match, object) : unmodified && isNewer(object, unmodified))
    throw s3Error('PreconditionFailed')
  return none !== undefined ? !isOneOf(none, object) : !modified || isNewer(object, modified)
}

/** Throws where the conditions of a write do not hold of what is there. */
export function checkWrite({ headers, store, bucket, key }: S3Call): void {
  const object = store.get(bucket)?.objects.get(key)
  if (!object && headers['if-match'] !== undefined) throw s3Error('NoSuchKey')
  if (object && !isNews(headers, object)) throw s3Error('PreconditionFailed')
}

/** The bytes of a range, and which they are; all of them for another kind of range, which S3 passes over. */
export function cut(body: Uint8Array, range = ''): Answer & { readonly body: Uint8Array } {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (from === '' && to === '') return { body }
  const size = body.byteLength
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (start > end) throw s3Error('InvalidRange')
  const headers = { 'content-range': `bytes ${start}-${end}/${size}` }
  return { status: 206, headers, body: body.subarray(start, end + 1) }
}

/** The range of a part by its number, of an object that was put in parts, or at once, which is one. */
function rangeOf({ body, sizes = [body.byteLength] }: StoredObject, number: number): string {
  const size = sizes[number - 1]
  if (size === undefined) throw s3Error('InvalidPartNumber')
  const start = sizes.slice(0, number - 1).reduce((sum, one) => sum + one, 0)
  return `bytes=${start}-${start + size - 1}`
}

/** The object that is to be copied. */
export function sourceOf({ headers, store }: S3Call): StoredObject {
  const [path = ''] = (headers['x-amz-copy-source'] ?? '').split('?')
  const place = placeOf(path)
  if (place.bucket === '' || place.key === '')
    throw s3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  const object = objectOf({ store, ...place })
  if (isNews(headers, object, 'x-amz-copy-source-if-')) return object
  throw s3Error('PreconditionFailed')
}

/** Tags as they are put, and kept: in the form of a query. */
const tagsOf = ({ 'x-amz-tagging': tags = '' }: HeaderFields) => [...new URLSearchParams(tags)]

/** GetObject, and HeadObject, whose body is left out when it is sent. */
export const getObject: S3Operation = (call) => {
  const { headers, query } = call
  const object = objectOf(call)
  const { etag: ETag, modified, body } = object
  if (!isNews(headers, object)) return { status: 304, headers: { ETag } }
  const number = numberIn(query, 'partNumber')
  if (number !== undefined && headers.range)
    throw s3Error(
      'InvalidRequest',
      'Cannot specify both Range header and partNumber query parameter.',
    )
  const part = cut(body, number === undefined ? headers.range : rangeOf(object, number))
  const isAsked = !part.status && /^enabled$/i.test(headers['x-amz-checksum-mode'] ?? '')
  const overridden = [...query].filter(([name]) => name.startsWith('response-'))
  const { 'x-amz-tagging': tags, ...kept } = object.headers
  const parts = number !== undefined && object.sizes?.length
  const facts = {
    ...(parts && { 'x-amz-mp-parts-count': `${parts}` }),
    ...(tags && { 'x-amz-tagging-count': `${tagsOf(object.headers).length}` }),
    ...{ ...kept, ETag, 'last-modified': modified.toUTCString() },
    'accept-ranges': 'bytes',
    ...Object.fromEntries(overridden.map(([name, value]) => [name.slice(9), value])),
    ...{ ...part.headers, ...(isAsked && asHeaders(object)) },
  }
  return { ...part, headers: facts }
}

export const putObject: S3Operation = async (call) => {
  const { headers, body } = call
  const checksums = await keptValues(headers, body)
  checkWrite(call)
  const object = keepObject(call, { headers: keptHeaders(headers), checksums })
  return { headers: { ETag: object.etag, ...asHeaders(object) } }
}

export const copyObject: S3Operation = (call) => {
  const { body, headers, checksums, checksumType } = sourceOf(call)
  checkWrite(call)
  const chosen = (what: string) =>
    call.headers[`x-amz-${what}-directive`] === 'REPLACE' ? keptHeaders(call.headers) : headers
  const copy = keepObject(call, {
    body,
    headers: { ...chosen('metadata'), 'x-amz-tagging': chosen('tagging')['x-amz-tagging'] ?? '' },
    // A copy is one whole, whatever its source was put as.
    checksums: checksumType === 'FULL_OBJECT' ? checksums : {},
  })
  return s3Answer('CopyObjectResult', { ...factsOf(copy), ...asElements(copy) })
}

export const deleteObject: S3Operation = ({ headers, store, bucket, key }) => {
  const objects = store.get(bucket)?.objects
  const object = objects?.get(key)
  if (object && !isNews(headers, object)) throw s3Error('PreconditionFailed')
  objects?.delete(key)
  return { status: 204 }
}

/** The tags that an object was put with: awscli asks for them before it copies in parts. */
export const getTags: S3Operation = (call) => {
  const Tag = tagsOf(objectOf(call).headers).map(([Key, Value]) => ({ Key, Value }))
  return s3Answer('Tagging', { TagSet: { Tag } })
}
