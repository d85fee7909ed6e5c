import type { Answer, ServiceRequest } from '../answers.ts'
import { asElements, keptValues } from './checksums.ts'
import { faultOf, writeFault } from './conditions.ts'
import { placeOf } from './operations.ts'
import {
  type Calls,
  checksumHeaders,
  keep,
  keptHeaders,
  type Store,
  type StoredObject,
  s3Answer,
  s3Error,
  storedObject,
} from './store.ts'

/** The first and last byte of `bytes=…`; undefined for another kind of range, which S3 passes over. */
export function spanOf(
  range = '',
  { body: { byteLength: size } }: StoredObject,
): readonly [start: number, end: number] | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start > end ? 'none' : [start, end]
}

function getObject(object: StoredObject, request: ServiceRequest): Answer {
  const { headers, query } = request
  const { body, etag, modified } = object
  const overridden = [...query].filter(([name]) => name.startsWith('response-'))
  const facts = {
    ...{ ...object.headers, ETag: etag, 'last-modified': modified.toUTCString() },
    'accept-ranges': 'bytes',
    ...Object.fromEntries(overridden.map(([name, value]) => [name.slice(9), value])),
  }
  const fault = faultOf(request, object)
  if (fault) return fault
  const span = spanOf(headers.get('range'), object)
  if (span === 'none') return s3Error('InvalidRange')
  if (!span) {
    const isAsked = /^enabled$/i.test(headers.get('x-amz-checksum-mode') ?? '')
    return { headers: { ...facts, ...(isAsked && checksumHeaders(object)) }, body }
  }
  const [start, end] = span
  const range = { 'content-range': `bytes ${start}-${end}/${body.byteLength}` }
  return { status: 206, headers: { ...facts, ...range }, body: body.subarray(start, end + 1) }
}

/** The object that is to be copied, or the answer that says why not. */
export function sourceOf(store: Store, request: ServiceRequest): StoredObject | Answer {
  const [path = ''] = (request.headers.get('x-amz-copy-source') ?? '').split('?')
  const [bucket, key] = placeOf(path)
  const object = store.get(bucket)?.get(key)
  if (!object) return s3Error(store.has(bucket) ? 'NoSuchKey' : 'NoSuchBucket')
  return faultOf(request, object, 'x-amz-copy-source-if-') ?? object
}

/** Tells an object from an answer. */
export const isObject = (found: StoredObject | Answer): found is StoredObject => 'etag' in found

/** The calls of objects. */
export function createObjects(store: Store): Calls {
  const GetObject: Calls[string] = ([bucket, key], request) => {
    const object = store.get(bucket)?.get(key)
    if (object) return getObject(object, request)
    return s3Error(store.has(bucket) ? 'NoSuchKey' : 'NoSuchBucket')
  }
  return {
    GetObject,
    HeadObject: GetObject,
    async PutObject(place, request) {
      const { headers, body, time } = request
      const checksums = await keptValues(headers, body)
      const fault = writeFault(request, store.get(place[0])?.get(place[1]))
      if (fault) return fault
      const object = storedObject(body, time, { headers: keptHeaders(headers), checksums })
      keep(store, place, object)
      return { headers: { ETag: object.etag, ...checksumHeaders(object) } }
    },
    CopyObject(place, request) {
      const { headers, time } = request
      const source = sourceOf(store, request)
      if (!isObject(source)) return source
      const fault = writeFault(request, store.get(place[0])?.get(place[1]))
      if (fault) return fault
      const isReplaced = headers.get('x-amz-metadata-directive') === 'REPLACE'
      // A copy is one whole, whatever its source was put as.
      const copy = storedObject(source.body, time, {
        headers: isReplaced ? keptHeaders(headers) : source.headers,
        ...(source.checksumType === 'FULL_OBJECT' && { checksums: source.checksums }),
      })
      keep(store, place, copy)
      const facts = { LastModified: time.toISOString(), ETag: copy.etag }
      return s3Answer('CopyObjectResult', { ...facts, ...asElements(copy.checksums) })
    },
    DeleteObject([bucket, key], request) {
      const object = store.get(bucket)?.get(key)
      const fault = object && faultOf(request, object)
      if (!fault) store.get(bucket)?.delete(key)
      return fault ?? { status: 204 }
    },
  }
}
