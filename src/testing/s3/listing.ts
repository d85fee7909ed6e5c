import type { Answer, ServiceRequest } from '../answers.ts'
import { type Bucket, type StoredObject, s3Answer } from './store.ts'

interface Page {
  readonly keys: readonly string[]
  readonly prefixes: readonly string[]
  /** Where the next page goes on, if there is one. */
  readonly next?: string
}

/** The order of S3's listings, by the bytes of UTF-8. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The keys of one page, and the folders that stand for the others. */
function pageOf(all: readonly string[], query: URLSearchParams, after: string): Page {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const keys: string[] = []
  const prefixes: string[] = []
  let last = ''
  for (const key of most === 0 ? [] : all) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const entry = cut < 0 ? key : key.slice(0, cut + delimiter.length)
    const isOut = !key.startsWith(prefix) || (after !== '' && byBytes(entry, after) <= 0)
    if (isOut || prefixes.at(-1) === entry) continue
    if (keys.length + prefixes.length >= most) return { keys, prefixes, next: last }
    if (cut < 0) keys.push(key)
    else prefixes.push(entry)
    last = entry
  }
  return { keys, prefixes }
}

/** ListObjects in both versions. */
export function listObjects(
  Name: string,
  objects: Bucket,
  { query, operation }: ServiceRequest,
): Answer {
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
    IsTruncated: `${next !== undefined}`,
    Contents: keys.map((key) => {
      const { body, etag, modified } = objects.get(key) as StoredObject
      const times = { Key: spell(key), LastModified: modified.toISOString(), ETag: etag }
      return { ...times, Size: body.byteLength, StorageClass: 'STANDARD' }
    }),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: spell(prefix) })),
  })
}
