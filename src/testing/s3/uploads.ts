import { fromBase64 } from '../../lib/base64.ts'
import { concat } from '../../lib/bytes.ts'
import { hex } from '../../lib/hex.ts'
import { type Answer, contentsOf, type ServiceRequest, textOf, textsOf } from '../answers.ts'
import { asElements, asHeaders, checksumValue, keptValues, statedValues } from './checksums.ts'
import { writeFault } from './conditions.ts'
import { isObject, sourceOf, spanOf } from './objects.ts'
import {
  type Calls,
  checksumHeaders,
  keep,
  keptHeaders,
  md5,
  type Store,
  type StoredObject,
  s3Answer,
  s3Error,
  storedObject,
} from './store.ts'

/** An upload in parts, not yet complete; the checksum of all parts has its name in lower case. */
interface Upload extends Pick<StoredObject, 'headers' | 'checksumType'> {
  readonly bucket: string
  readonly key: string
  readonly begun: Date
  readonly algorithm: string | undefined
  readonly parts: Map<number, StoredObject>
}

/** The parts that a completion names, or what is wrong with them. */
function chosenOf({ parts }: Upload, text: string): readonly StoredObject[] | Answer {
  const chosen: StoredObject[] = []
  let last = 0
  for (const content of contentsOf(text, 'Part')) {
    const number = Number(textsOf(content, 'PartNumber')[0])
    const part = parts.get(number)
    const facts = { ETag: part?.etag ?? '', ...asElements(part?.checksums ?? {}) }
    const isOther = Object.entries(facts).some(([name, value]) => {
      const [stated = name === 'ETag' ? '' : value] = textsOf(content, name)
      return stated.replaceAll('"', '') !== value.replaceAll('"', '')
    })
    if (!part || isOther) return s3Error('InvalidPart')
    if (number <= last) return s3Error('InvalidPartOrder')
    last = number
    chosen.push(part)
  }
  // Parts may be smaller than S3 takes them, so that a test need not send megabytes.
  return chosen.length > 0 ? chosen : s3Error('MalformedXML')
}

/** The object of parts, with an etag and a checksum of the kind that S3 gives it. */
async function assemble(
  { headers, algorithm = '', checksumType }: Upload,
  parts: readonly StoredObject[],
  time: Date,
): Promise<StoredObject> {
  const body = concat(parts.map((part) => part.body))
  const etag = `"${hex(md5(concat(parts.map((part) => md5(part.body)))))}-${parts.length}"`
  const isWhole = checksumType === 'FULL_OBJECT'
  const values = parts.map(
    async (part) => part.checksums[algorithm] ?? (await checksumValue(algorithm, part.body)),
  )
  const pieces = isWhole
    ? [body]
    : (await Promise.all(values)).map((value) => fromBase64(value) as Uint8Array)
  const value = await checksumValue(algorithm, concat(pieces))
  const checksums = algorithm ? { [algorithm]: isWhole ? value : `${value}-${parts.length}` } : {}
  return storedObject(body, time, { headers, etag, checksums, checksumType })
}

/** Whether what a completion states of the object is so; some clients leave out how many parts it is of. */
function isAsStated({ headers }: ServiceRequest, { body, checksums }: StoredObject): boolean {
  const plain = (value: string) => value.replace(/-\d+$/, '')
  const size = headers.get('x-amz-mp-object-size') ?? body.byteLength
  return (
    Number(size) === body.byteLength &&
    Object.entries(statedValues(headers)).every(
      ([name, value]) => plain(checksums[name] ?? value) === plain(value),
    )
  )
}

/** The calls of uploads in parts. */
export function createUploads(store: Store): Calls {
  const uploads = new Map<string, Upload>()
  let begun = 0

  const onUpload =
    (
      call: (it: Upload, request: ServiceRequest, id: string) => Answer | Promise<Answer>,
    ): Calls[string] =>
    ([bucket, key], request) => {
      const id = request.query.get('uploadId') ?? ''
      const upload = uploads.get(id)
      const isHere = upload?.bucket === bucket && upload.key === key
      return isHere ? call(upload, request, id) : s3Error('NoSuchUpload')
    }

  /** Keeps a part by the number that the request has for it. */
  function keepPart(
    { parts }: Upload,
    { query }: ServiceRequest,
    part: StoredObject,
    kept: Answer,
  ) {
    const number = Number(query.get('partNumber'))
    const isNumber = Number.isInteger(number) && number >= 1 && number <= 10_000
    if (isNumber) parts.set(number, part)
    return isNumber ? kept : s3Error('InvalidArgument')
  }

  return {
    CreateMultipartUpload([bucket, key], { headers, time }) {
      const UploadId = `upload-${++begun}`
      const algorithm = headers.get('x-amz-checksum-algorithm')?.toLowerCase()
      const own = algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE'
      const checksumType = (headers.get('x-amz-checksum-type') as typeof own | undefined) ?? own
      const kept = { headers: keptHeaders(headers), parts: new Map() }
      if (!store.has(bucket)) store.set(bucket, new Map())
      uploads.set(UploadId, { bucket, key, begun: time, algorithm, checksumType, ...kept })
      const where = { Bucket: bucket, Key: key, UploadId }
      const answer = s3Answer('InitiateMultipartUploadResult', where)
      const of = algorithm && {
        'x-amz-checksum-algorithm': algorithm.toUpperCase(),
        'x-amz-checksum-type': checksumType,
      }
      return { ...answer, headers: { ...answer.headers, ...of } }
    },
    UploadPart: onUpload(async (upload, request) => {
      const { body, headers, time } = request
      const checksums = await keptValues(headers, body)
      const part = storedObject(body, time, { checksums })
      const facts = { ETag: part.etag, ...asHeaders(checksums) }
      return keepPart(upload, request, part, { headers: facts })
    }),
    UploadPartCopy: onUpload((upload, request) => {
      const source = sourceOf(store, request)
      if (!isObject(source)) return source
      const span = spanOf(request.headers.get('x-amz-copy-source-range'), source)
      if (span === 'none') return s3Error('InvalidRange')
      const [start, end] = span ?? [0, source.body.byteLength - 1]
      const part = storedObject(source.body.subarray(start, end + 1), request.time)
      const facts = { LastModified: request.time.toISOString(), ETag: part.etag }
      return keepPart(upload, request, part, s3Answer('CopyPartResult', facts))
    }),
    ListParts: onUpload(({ bucket, key, parts }, { query }, UploadId) => {
      const most = Number(query.get('max-parts') ?? 1000)
      const after = Number(query.get('part-number-marker') ?? 0)
      const rest = [...parts].filter(([number]) => number > after).sort(([a], [b]) => a - b)
      const page = rest.slice(0, most)
      const isTruncated = rest.length > page.length
      return s3Answer('ListPartsResult', {
        ...{ Bucket: bucket, Key: key, UploadId, PartNumberMarker: after, MaxParts: most },
        NextPartNumberMarker: isTruncated ? page.at(-1)?.[0] : undefined,
        ...{ IsTruncated: `${isTruncated}`, StorageClass: 'STANDARD' },
        Part: page.map(([PartNumber, { body, etag, modified, checksums }]) => ({
          ...{ PartNumber, LastModified: modified.toISOString(), ETag: etag },
          ...{ Size: body.byteLength, ...asElements(checksums) },
        })),
      })
    }),
    CompleteMultipartUpload: onUpload(async (upload, request, id) => {
      const { bucket: Bucket, key: Key } = upload
      const fault = writeFault(request, store.get(Bucket)?.get(Key))
      if (fault) return fault
      const chosen = chosenOf(upload, textOf(request.body))
      if (!('length' in chosen)) return chosen
      const object = await assemble(upload, chosen, request.time)
      if (!isAsStated(request, object)) return s3Error('BadDigest')
      uploads.delete(id)
      keep(store, [Bucket, Key], object)
      const of = { Location: `/${Bucket}/${Key}`, Bucket, Key, ETag: object.etag }
      const ChecksumType = checksumHeaders(object)['x-amz-checksum-type']
      const values = asElements(object.checksums)
      return s3Answer('CompleteMultipartUploadResult', { ...of, ...values, ChecksumType })
    }),
    AbortMultipartUpload: onUpload((_, __, id) => {
      uploads.delete(id)
      return { status: 204 }
    }),
    ListMultipartUploads: ([Bucket], { query }) => {
      const prefix = query.get('prefix') ?? ''
      const here = [...uploads].filter(
        ([, it]) => it.bucket === Bucket && it.key.startsWith(prefix),
      )
      const Upload = here.map(([UploadId, { key, begun }]) => ({
        ...{ Key: key, UploadId, Initiated: begun.toISOString() },
      }))
      return s3Answer('ListMultipartUploadsResult', { Bucket, IsTruncated: 'false', Upload })
    },
  }
}
