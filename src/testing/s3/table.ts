import type { Received } from '../../verify/received.ts'
import type { Service } from '../answers.ts'
import * as buckets from './buckets.ts'
import { postObject } from './form.ts'
import * as objects from './objects.ts'
import { type Bucket, placeOf, type S3Operation, s3Error } from './store.ts'
import * as uploads from './uploads.ts'

/** S3's operations: by what each is asked for, of which the first that fits tells; its name; its answer. */
const TABLE: readonly (readonly [asked: string, name: string, answer: S3Operation])[] = [
  ['GET /', 'ListBuckets', buckets.listBuckets],
  ['PUT /bucket', 'CreateBucket', buckets.createBucket],
  ['HEAD /bucket', 'HeadBucket', buckets.headBucket],
  ['DELETE /bucket', 'DeleteBucket', buckets.deleteBucket],
  ['POST /bucket ?delete', 'DeleteObjects', buckets.deleteObjects],
  ['POST /bucket', 'PostObject', postObject],
  ['GET /bucket ?location', 'GetBucketLocation', buckets.getLocation],
  ['GET /bucket ?versioning', 'GetBucketVersioning', buckets.getVersioning],
  ['GET /bucket ?uploads', 'ListMultipartUploads', uploads.listUploads],
  ['GET /bucket ?session', 'CreateSession', buckets.createSession],
  ['GET /bucket ?list-type', 'ListObjectsV2', buckets.listObjects],
  ['GET /bucket', 'ListObjects', buckets.listObjects],
  ['PUT /bucket/key ?partNumber x-amz-copy-source', 'UploadPartCopy', uploads.copyPart],
  ['PUT /bucket/key ?partNumber', 'UploadPart', uploads.uploadPart],
  ['PUT /bucket/key x-amz-copy-source', 'CopyObject', objects.copyObject],
  ['PUT /bucket/key', 'PutObject', objects.putObject],
  ['GET /bucket/key ?uploadId', 'ListParts', uploads.listParts],
  ['GET /bucket/key ?tagging', 'GetObjectTagging', objects.getTags],
  ['GET /bucket/key', 'GetObject', objects.getObject],
  ['HEAD /bucket/key', 'HeadObject', objects.getObject],
  ['POST /bucket/key ?uploads', 'CreateMultipartUpload', uploads.createUpload],
  ['POST /bucket/key ?uploadId', 'CompleteMultipartUpload', uploads.completeUpload],
  ['DELETE /bucket/key ?uploadId', 'AbortMultipartUpload', uploads.abortUpload],
  ['DELETE /bucket/key', 'DeleteObject', objects.deleteObject],
]

/** Sub-resources that must not be taken for the bucket or object itself, unless the table has them. */
const UNKNOWN =
  /^(abac|accelerate|acl|analytics|attributes|cors|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|logging|metadata\w+|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|renameObject|replication|requestPayment|restore|retention|select|tagging|torrent|versionId|versions|website)$/

/** S3's name of what a request asks for; empty where this server does not know it. */
export function s3OperationOf({ method, path, query, fields }: Received): string {
  const { bucket, key } = placeOf(path, fields.host)
  const names = [...new URLSearchParams(query).keys()]
  // Of the parameters of a bucket, none makes one.
  const isOther = key === '' && method === 'PUT' && names.some((name) => !/^x-/i.test(name))
  if (isOther) return ''
  const place = bucket === '' ? '/' : key === '' ? '/bucket' : '/bucket/key'
  const words = [method, place, ...names.map((name) => `?${name}`), ...Object.keys(fields)]
  const others = names.filter((name) => UNKNOWN.test(name))
  const found = TABLE.find(([asked]) => {
    const wanted = asked.split(' ')
    const hasOthers = others.every((name) => wanted.includes(`?${name}`))
    return hasOthers && wanted.every((word) => words.includes(word))
  })
  return found?.[1] ?? ''
}

/** The S3 that clients need to go on: buckets and objects in memory, for as long as the server runs. */
export function createS3(): Service {
  const store = new Map<string, Bucket>()
  return (call) => {
    const { headers, operation, path } = call
    const isStream = /^STREAMING-/.test(headers['x-amz-content-sha256'] ?? '')
    if (isStream && !/^(PutObject|UploadPart)$/.test(operation)) throw s3Error('InvalidRequest')
    const [, , answer] = TABLE.find(([, name]) => name === operation) ?? []
    return answer?.({ ...call, ...placeOf(path, headers.host), store })
  }
}
