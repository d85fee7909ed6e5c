import { contentsOf, textOf, textsOf } from '../answers.ts'
import { addSession } from '../services/keys.ts'
import {
  bucketOf,
  factsOf,
  numberIn,
  openBucket,
  type S3Operation,
  type StoredObject,
  s3Answer,
  s3Error,
} from './store.ts'

export const listBuckets: S3Operation = ({ store, time }) => {
  const CreationDate = time.toISOString()
  const Bucket = [...store.keys()].map((Name) => ({ Name, CreationDate }))
  const Owner = { ID: 'owner', DisplayName: 'owner' }
  return s3Answer('ListAllMyBucketsResult', { Owner, Buckets: { Bucket } })
}

export const createBucket: S3Operation = (call) => {
  openBucket(call)
  return { headers: { location: `/${call.bucket}` } }
}

export const headBucket: S3Operation = (call) =>
  bucketOf(call) && { headers: { 'x-amz-bucket-region': call.region } }

export const deleteBucket: S3Operation = (call) => {
  if (bucketOf(call).objects.size > 0) throw s3Error('BucketNotEmpty')
  call.store.delete(call.bucket)
  return { status: 204 }
}

export const getLocation: S3Operation = (call) =>
  bucketOf(call) && s3Answer('LocationConstraint', call.region === 'us-east-1' ? '' : call.region)

export const getVersioning: S3Operation = (call) =>
  bucketOf(call) && s3Answer('VersioningConfiguration', {})

/** The session of a directory bucket, which lives for five minutes. */
export const createSession: S3Operation = ({ keys, time }) =>
  s3Answer('CreateSessionResult', { Credentials: addSession(keys, time, 300) })

export const deleteObjects: S3Operation = (call) => {
  const { objects } = bucketOf(call)
  const [text = ''] = contentsOf(textOf(call.body), 'Delete')
  const keys = textsOf(text, 'Key')
  if (keys.length === 0 || keys.length > 1000) throw s3Error('MalformedXML')
  for (const key of keys) objects.delete(key)
  const isQuiet = textsOf(text, 'Quiet')[0] === 'true'
  return s3Answer('DeleteResult', { Deleted: isQuiet ? [] : keys.map((Key) => ({ Key })) })
}

/** The order of S3's listings, by the bytes of UTF-8. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The keys of one page, the folders that stand for the others, and where the next goes on, if there is one. */
function pageOf(all: readonly string[], query: URLSearchParams, after: string) {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const most = Math.min(numberIn(query, 'max-keys') ?? 1000, 1000)
  const keys: string[] = []
  const prefixes: string[] = []
  let next: string | undefined
  for (const key of most === 0 ? [] : all) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const entry = cut < 0 ? key : key.slice(0, cut + delimiter.length)
    const isOut = !key.startsWith(prefix) || (after !== '' && byBytes(entry, after) <= 0)
    if (isOut || prefixes.at(-1) === entry) continue
    if (keys.length + prefixes.length >= most) return { keys, prefixes, next }
    const entries = cut < 0 ? keys : prefixes
    entries.push(entry)
    next = entry
  }
  return { keys, prefixes, next: undefined }
}

/** ListObjects in both versions. */
export const listObjects: S3Operation = (call) => {
  const { bucket: Name, query, operation } = call
  const { objects } = bucketOf(call)
  const isSecond = operation === 'ListObjectsV2'
  const ContinuationToken = query.get('continuation-token') ?? undefined
  const after = isSecond ? (ContinuationToken ?? query.get('start-after')) : query.get('marker')
  const { keys, prefixes, next } = pageOf([...objects.keys()].sort(byBytes), query, after ?? '')
  const isUrl = query.get('encoding-type') === 'url'
  const spell = (text: string) => (isUrl ? encodeURIComponent(text).replace(/%2F/g, '/') : text)
  const told = (name: string) => spell(query.get(name) ?? '')
  const KeyCount = keys.length + prefixes.length
  const second = { KeyCount, ContinuationToken, NextContinuationToken: next }
  // Without a delimiter the last key is where the next page goes on.
  const NextMarker = next && query.get('delimiter') ? spell(next) : undefined
  return s3Answer('ListBucketResult', {
    ...{ Name, Prefix: told('prefix'), Delimiter: told('delimiter') || undefined },
    ...{ EncodingType: isUrl ? 'url' : undefined, MaxKeys: query.get('max-keys') ?? 1000 },
    ...(isSecond ? second : { Marker: told('marker'), NextMarker }),
    IsTruncated: next !== undefined,
    Contents: keys.map((key) => {
      const object = objects.get(key) as StoredObject
      const Size = object.body.byteLength
      return { Key: spell(key), ...factsOf(object), Size, StorageClass: 'STANDARD' }
    }),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: spell(prefix) })),
  })
}
