import { type Answer, type Service, type ServiceRequest, textOf, textsOf } from '../answers.ts'
import { sessionOf } from '../services/keys.ts'
import { listObjects } from './listing.ts'
import { createObjects } from './objects.ts'
import { placeOf } from './operations.ts'
import { type Bucket, type Calls, type Store, s3Answer, s3Error } from './store.ts'
import { createUploads } from './uploads.ts'

/** Seconds that the session of a directory bucket lives. */
const EXPRESS_SESSION = 300

function deleteObjects(bucket: Bucket, { body }: ServiceRequest): Answer {
  const text = textOf(body)
  const keys = textsOf(text, 'Key')
  if (keys.length === 0 || keys.length > 1000) return s3Error('MalformedXML')
  for (const key of keys) bucket.delete(key)
  const isQuiet = textsOf(text, 'Quiet')[0] === 'true'
  return s3Answer('DeleteResult', { Deleted: isQuiet ? [] : keys.map((Key) => ({ Key })) })
}

/** The calls of buckets that must be there. */
function createBuckets(store: Store): Calls {
  const calls: Record<string, (name: string, bucket: Bucket, request: ServiceRequest) => Answer> = {
    HeadBucket: (_, __, { region }) => ({ headers: { 'x-amz-bucket-region': region } }),
    DeleteBucket(name, { size }) {
      if (size === 0) store.delete(name)
      return size === 0 ? { status: 204 } : s3Error('BucketNotEmpty')
    },
    DeleteObjects: (_, bucket, request) => deleteObjects(bucket, request),
    GetBucketLocation: (_, __, { region }) =>
      s3Answer('LocationConstraint', region === 'us-east-1' ? '' : region),
    GetBucketVersioning: () => s3Answer('VersioningConfiguration', {}),
    ListObjects: listObjects,
    ListObjectsV2: listObjects,
  }
  const called = Object.entries(calls).map(([operation, call]): [string, Calls[string]] => [
    operation,
    ([name], request) => {
      const bucket = store.get(name)
      return bucket ? call(name, bucket, request) : s3Error('NoSuchBucket')
    },
  ])
  return Object.fromEntries(called)
}

/** The S3 that clients need to go on: buckets and objects in memory, for as long as the server runs. */
export function createS3(store: Store): Service {
  const calls: Calls = {
    ...createBuckets(store),
    ...createObjects(store),
    ...createUploads(store),
    ListBuckets: (_, { time }) => {
      const CreationDate = time.toISOString()
      const Bucket = [...store.keys()].map((Name) => ({ Name, CreationDate }))
      const Owner = { ID: 'owner', DisplayName: 'owner' }
      return s3Answer('ListAllMyBucketsResult', { Owner, Buckets: { Bucket } })
    },
    CreateBucket: ([name]) => {
      if (!store.has(name)) store.set(name, new Map())
      return { headers: { location: `/${name}` } }
    },
    CreateSession: (_, { keys, time }) =>
      s3Answer('CreateSessionResult', { Credentials: sessionOf(keys, time, EXPRESS_SESSION) }),
  }
  return (request) => {
    const { headers, operation, path } = request
    const isStream = /^STREAMING-/.test(headers.get('x-amz-content-sha256') ?? '')
    if (isStream && !/^(PutObject|UploadPart)$/.test(operation)) return s3Error('InvalidRequest')
    return calls[operation]?.(placeOf(path, headers.get('host')), request)
  }
}
