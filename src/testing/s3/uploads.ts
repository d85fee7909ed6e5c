import { randomUUID } from 'node:crypto'
import { base64 } from '../../lib/base64.ts'
import { concat } from '../../lib/bytes.ts'
import { hex } from '../../lib/hex.ts'
import { contentsOf, textOf, textsOf } from '../answers.ts'
import { asElements, asHeaders, digestOf, keptValues, statedValues } from './checksums.ts'
import { checkWrite, cut, sourceOf, unquoted } from './objects.ts'
import {
  bucketOf,
  factsOf,
  keepObject,
  keptHeaders,
  md5,
  numberIn,
  openBucket,
  type S3Call,
  type S3Operation,
  type StoredObject,
  s3Answer,
  s3Error,
  storedObject,
  type Upload,
} from './store.ts'

/** The upload of a call, which must be there. */
function uploadOf({ store, bucket, key, query }: S3Call): Upload {
  const upload = store.get(bucket)?.uploads.get(query.get('uploadId') ?? '')
  if (upload?.key !== key) throw s3Error('NoSuchUpload')
  return upload
}

export const createUpload: S3Operation = (call) => {
  const { bucket: Bucket, key, headers, time: begun } = call
  const id = randomUUID()
  const algorithm = (headers['x-amz-checksum-algorithm'] ?? '').toLowerCase()
  const usual = algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE'
  const checksumType = (headers['x-amz-checksum-type'] as typeof usual | undefined) ?? usual
  openBucket(call).uploads.set(id, {
    ...{ id, key, begun, algorithm, checksumType, parts: new Map() },
    headers: keptHeaders(headers),
  })
  const told = {
    'x-amz-checksum-algorithm': algorithm.toUpperCase(),
    'x-amz-checksum-type': checksumType,
  }
  const upload = { Bucket, Key: key, UploadId: id }
  return s3Answer('InitiateMultipartUploadResult', upload, algorithm ? { headers: told } : {})
}

/** Keeps a part by the number that its call has for it. */
function keepPart(call: S3Call, more: Partial<StoredObject>): StoredObject {
  const number = numberIn(call.query, 'partNumber', 10_000)
  const part = storedObject(call, more)
  const { parts } = uploadOf(call)
  if (!number) throw s3Error('InvalidArgument', 'Part number must be an integer from 1 to 10000.')
  parts.set(number, part)
  return part
}

export const uploadPart: S3Operation = async (call) => {
  const { headers, body } = call
  const part = keepPart(call, { checksums: await keptValues(headers, body) })
  return { headers: { ETag: part.etag, ...asHeaders(part) } }
}

export const copyPart: S3Operation = (call) => {
  const { 'x-amz-copy-source-range': range } = call.headers
  const { body, status } = cut(sourceOf(call).body, range)
  if (range !== undefined && !status)
    throw s3Error(
      'InvalidArgument',
      'x-amz-copy-source-range must be of the form bytes=FIRST-LAST.',
    )
  return s3Answer('CopyPartResult', factsOf(keepPart(call, { body })))
}

export const listParts: S3Operation = (call) => {
  const { bucket: Bucket, key: Key, query } = call
  const { id: UploadId, parts } = uploadOf(call)
  const most = numberIn(query, 'max-parts') ?? 1000
  const after = numberIn(query, 'part-number-marker') ?? 0
  const rest = [...parts].filter(([number]) => number > after).sort(([a], [b]) => a - b)
  const page = rest.slice(0, most)
  const isTruncated = rest.length > page.length
  return s3Answer('ListPartsResult', {
    ...{ Bucket, Key, UploadId, PartNumberMarker: after, MaxParts: most },
    NextPartNumberMarker: isTruncated ? page.at(-1)?.[0] : undefined,
    ...{ IsTruncated: isTruncated, StorageClass: 'STANDARD' },
    Part: page.map(([PartNumber, part]) => ({
      ...{ PartNumber, ...factsOf(part), Size: part.body.byteLength, ...asElements(part) },
    })),
  })
}

/** The parts that a completion names, as they are. */
function chosenOf({ parts }: Upload, text: string): readonly StoredObject[] {
  let last = 0
  const [whole = ''] = contentsOf(text, 'CompleteMultipartUpload')
  const chosen = contentsOf(whole, 'Part').map((content) => {
    const number = Number(textsOf(content, 'PartNumber')[0])
    const part = parts.get(number)
    const [etag = ''] = textsOf(content, 'ETag')
    const isSame = ([name, value]: [string, string]) =>
      (textsOf(content, name)[0] ?? value) === value
    if (!part || unquoted(etag) !== unquoted(part.etag)) throw s3Error('InvalidPart')
    if (!Object.entries(asElements(part)).every(isSame)) throw s3Error('InvalidPart')
    if (number <= last) throw s3Error('InvalidPartOrder')
    last = number
    return part
  })
  // Parts may be smaller than S3 takes them, so that a test need not send megabytes.
  if (chosen.length === 0) throw s3Error('MalformedXML')
  return chosen
}

/** What parts make: an object with an etag and a checksum of the kind that S3 gives it. */
async function assembled(
  { headers, algorithm, checksumType }: Upload,
  parts: readonly StoredObject[],
) {
  const bodies = parts.map(({ body }) => body)
  const isWhole = checksumType === 'FULL_OBJECT'
  const end = `-${bodies.length}`
  const digests = isWhole ? bodies : bodies.map((body) => digestOf(algorithm, body))
  const digest = base64(await digestOf(algorithm, concat(await Promise.all(digests))))
  const checksums = digest && { [algorithm]: digest + (isWhole ? '' : end) }
  const etag = `"${hex(md5(concat(bodies.map(md5))))}${end}"`
  const sizes = bodies.map(({ byteLength }) => byteLength)
  return { body: concat(bodies), sizes, etag, headers, checksumType, checksums: checksums || {} }
}

/** Whether what a completion states of the object is so; some clients leave out how many parts it is of. */
function isAsStated(
  { headers }: S3Call,
  { body, checksums }: Pick<StoredObject, 'body' | 'checksums'>,
): boolean {
  const plain = (value: string) => value.replace(/-\d+$/, '')
  const size = headers['x-amz-mp-object-size'] ?? body.byteLength
  const stated = Object.entries(statedValues(headers))
  return (
    Number(size) === body.byteLength &&
    stated.every(([name, value]) => plain(checksums[name] ?? value) === plain(value))
  )
}

export const completeUpload: S3Operation = async (call) => {
  const { bucket: Bucket, key: Key, body } = call
  const upload = uploadOf(call)
  checkWrite(call)
  const parts = chosenOf(upload, textOf(body))
  const whole = await assembled(upload, parts)
  if (!isAsStated(call, whole)) throw s3Error('BadDigest')
  bucketOf(call).uploads.delete(upload.id)
  const object = keepObject(call, whole)
  const told = { Location: `/${Bucket}/${Key}`, Bucket, Key, ETag: object.etag }
  return s3Answer('CompleteMultipartUploadResult', { ...told, ...asElements(object) })
}

export const abortUpload: S3Operation = (call) => {
  bucketOf(call).uploads.delete(uploadOf(call).id)
  return { status: 204 }
}

export const listUploads: S3Operation = (call) => {
  const prefix = call.query.get('prefix') ?? ''
  const uploads = [...bucketOf(call).uploads.values()].filter(({ key }) => key.startsWith(prefix))
  return s3Answer('ListMultipartUploadsResult', {
    ...{ Bucket: call.bucket, IsTruncated: false },
    Upload: uploads.map(({ id: UploadId, key: Key, begun }) => ({
      ...{ Key, UploadId, Initiated: begun.toISOString() },
    })),
  })
}
