import { element } from '../lib/xml.ts'
import { type Answer, xmlAnswer } from './answer.ts'
import type { StoredObject } from './s3-store.ts'

/** The name space of S3's documents. */
export const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

interface Page {
  readonly keys: readonly string[]
  readonly prefixes: readonly string[]
  /** Where the next page goes on, if there is one. */
  readonly next?: string
}

/** The keys of one page, and the folders that stand for the others. */
function pageOf(all: readonly string[], query: URLSearchParams): Page {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after =
    query.get('continuation-token') ?? query.get('marker') ?? query.get('start-after') ?? ''
  const most = Number(query.get('max-keys') ?? 1000)
  const keys: string[] = []
  const prefixes: string[] = []
  let last = ''
  for (const key of all) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const entry = cut < 0 ? key : key.slice(0, cut + delimiter.length)
    if (!key.startsWith(prefix) || entry <= after || prefixes.includes(entry)) continue
    if (keys.length + prefixes.length >= most) return { keys, prefixes, next: last }
    if (cut < 0) keys.push(key)
    else prefixes.push(entry)
    last = entry
  }
  return { keys, prefixes }
}

/** ListObjects in both versions. */
export function listObjects(
  bucket: string,
  objects: ReadonlyMap<string, StoredObject>,
  query: URLSearchParams,
): Answer {
  const page = pageOf([...objects.keys()].sort(), query)
  const second = query.get('list-type') === '2'
  const inUrl = query.get('encoding-type') === 'url'
  const spell = (text: string) => (inUrl ? encodeURIComponent(text).replace(/%2F/g, '/') : text)
  const echo = ['prefix', 'delimiter', 'marker', 'start-after'].filter((name) => query.get(name))
  const title = (name: string) => name.replace(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase())
  return xmlAnswer(`ListBucketResult ${XMLNS}`, [
    element('Name', bucket),
    ...echo.map((name) => element(title(name), spell(query.get(name) ?? ''))),
    ...(inUrl ? [element('EncodingType', 'url')] : []),
    element('MaxKeys', query.get('max-keys') ?? '1000'),
    ...(second ? [element('KeyCount', String(page.keys.length + page.prefixes.length))] : []),
    element('IsTruncated', String(page.next !== undefined)),
    ...(page.next === undefined
      ? []
      : [element(second ? 'NextContinuationToken' : 'NextMarker', page.next)]),
    ...page.keys.map((key) => {
      const { body, etag, modified } = objects.get(key) as StoredObject
      return element('Contents', [
        element('Key', spell(key)),
        element('LastModified', modified.toISOString()),
        element('ETag', etag),
        element('Size', String(body.byteLength)),
        element('StorageClass', 'STANDARD'),
      ])
    }),
    ...page.prefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', spell(prefix))])),
  ])
}
