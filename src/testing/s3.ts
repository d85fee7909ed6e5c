import { element } from '../lib/xml.ts'
import {
  type Answer,
  type Service,
  type ServiceRequest,
  s3Error,
  textsOf,
  xmlAnswer,
} from './answer.ts'
import { listObjects, XMLNS } from './s3-listing.ts'
import { keptHeaders, type StoredObject, storedObject } from './s3-store.ts'
import { createUploads } from './s3-uploads.ts'

type Bucket = Map<string, StoredObject>

const decode = (text: string): string => decodeURIComponent(text.replace(/\+/g, ' '))

/** Bucket and key of a request, the bucket in its host (`bucket.localhost`) or in its path. */
function placeOf({ path, headers }: ServiceRequest): [bucket: string, key: string] {
  const [, inHost] = /^(.+)\.(?:localhost(?::\d+)?$|s3[.-])/.exec(headers.get('host') ?? '') ?? []
  const [, first = '', rest = ''] = /^\/?([^/]*)\/?(.*)$/s.exec(path) ?? []
  return inHost ? [inHost, decode(path.slice(1))] : [decode(first), decode(rest)]
}

function getObject(object: StoredObject | undefined, headers: ServiceRequest['headers']): Answer {
  if (!object) return s3Error(404, 'NoSuchKey', 'The specified key does not exist.')
  const { body, etag, modified } = object
  const facts = {
    ...object.headers,
    etag,
    'last-modified': modified.toUTCString(),
    'accept-ranges': 'bytes',
  }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.get('range') ?? '') ?? []
  if (from === undefined) return { headers: facts, body }
  const [start, end] = [Number(from), Math.min(Number(to || Infinity), body.byteLength - 1)]
  if (start > end) return s3Error(416, 'InvalidRange', 'The requested range is not satisfiable.')
  return {
    status: 206,
    headers: { ...facts, 'content-range': `bytes ${start}-${end}/${body.byteLength}` },
    body: body.subarray(start, end + 1),
  }
}

/** The S3 that clients need to go on: buckets and objects in memory, for as long as the server runs. */
export function createS3(): Service {
  const buckets = new Map<string, Bucket>()
  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name) ?? new Map()
    buckets.set(name, bucket)
    return bucket
  }

  const listBuckets = (): Answer =>
    xmlAnswer(`ListAllMyBucketsResult ${XMLNS}`, [
      element('Owner', [element('ID', 'owner'), element('DisplayName', 'owner')]),
      element(
        'Buckets',
        [...buckets.keys()].map((name) =>
          element('Bucket', [
            element('Name', name),
            element('CreationDate', '2015-08-30T12:36:00.000Z'),
          ]),
        ),
      ),
    ])

  const deleteObjects = (name: string, text: string): Answer => {
    const keys = textsOf(text, 'Key')
    for (const key of keys) buckets.get(name)?.delete(key)
    return xmlAnswer(
      `DeleteResult ${XMLNS}`,
      keys.map((key) => element('Deleted', [element('Key', key)])),
    )
  }

  function onBucket(name: string, request: ServiceRequest): Answer {
    const { method, query, region, body, headers } = request
    if (/^STREAMING-/.test(headers.get('x-amz-content-sha256') ?? '')) return onlyForObjects
    if (method === 'PUT' && query.size === 0) {
      bucketOf(name)
      return { headers: { location: `/${name}` } }
    }
    const bucket = buckets.get(name)
    if (!bucket) return s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist.')
    if (method === 'HEAD') return { headers: { 'x-amz-bucket-region': region } }
    if (method === 'DELETE') {
      buckets.delete(name)
      return { status: 204 }
    }
    if (method === 'POST' && query.has('delete'))
      return deleteObjects(name, new TextDecoder().decode(body))
    if (query.has('location'))
      return xmlAnswer(`LocationConstraint ${XMLNS}`, region === 'us-east-1' ? '' : region)
    if (query.has('uploads'))
      return xmlAnswer(`ListMultipartUploadsResult ${XMLNS}`, [element('Bucket', name)])
    if (query.has('versioning')) return xmlAnswer(`VersioningConfiguration ${XMLNS}`, [])
    return method === 'GET' && !UNKNOWN.some((name) => query.has(name))
      ? listObjects(name, bucket, query)
      : notImplemented
  }

  const onUpload = createUploads((bucket, key, object) => bucketOf(bucket).set(key, object))

  return (request) => {
    const { method, query, headers, body } = request
    const [bucket, key] = placeOf(request)
    if (bucket === '') return method === 'GET' ? listBuckets() : notImplemented
    if (key === '') return onBucket(bucket, request)
    if (query.has('uploads') || query.has('uploadId')) return onUpload(bucket, key, request)
    if (headers.has('x-amz-copy-source') || UNKNOWN.some((name) => query.has(name)))
      return notImplemented
    if (method === 'PUT') {
      const object = storedObject(body, keptHeaders(headers))
      bucketOf(bucket).set(key, object)
      return { headers: { etag: object.etag } }
    }
    if (method === 'DELETE') {
      buckets.get(bucket)?.delete(key)
      return { status: 204 }
    }
    return method === 'GET' || method === 'HEAD'
      ? getObject(buckets.get(bucket)?.get(key), headers)
      : notImplemented
  }
}

const onlyForObjects = s3Error(
  400,
  'InvalidRequest',
  'The value of x-amz-content-sha256 header is invalid: only the body of an object streams.',
)

const notImplemented = s3Error(501, 'NotImplemented', 'The test server does not know this call.')

/** Sub-resources that must not be taken for the bucket or object itself. */
const UNKNOWN = [
  'acl',
  'attributes',
  'cors',
  'encryption',
  'lifecycle',
  'object-lock',
  'policy',
  'replication',
  'retention',
  'tagging',
  'versions',
  'website',
]
