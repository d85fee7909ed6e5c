import type { Received } from '../../verify/received.ts'

/** Bucket and key of a request. */
export type ObjectPlace = readonly [bucket: string, key: string]

// S3 reads a bare plus as a blank; what cannot be decoded stays as it is.
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}

/** Bucket and key of a request, the bucket in its host (`bucket.localhost`) or in its path. */
export function placeOf(path: string, host = ''): ObjectPlace {
  const [, inHost] = /^(.+)\.(?:localhost(?::\d+)?$|s3[.-]|s3express-)/.exec(host) ?? []
  const [, first = '', rest = ''] = /^\/?([^/]*)\/?(.*)$/s.exec(path) ?? []
  return inHost ? [inHost, decode(path.slice(1))] : [decode(first), decode(rest)]
}

/** Sub-resources that must not be taken for the bucket or object itself. */
const UNKNOWN =
  /^(abac|accelerate|acl|analytics|attributes|cors|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|logging|metadata\w+|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|renameObject|replication|requestPayment|restore|retention|select|tagging|torrent|versionId|versions|website)$/

/** Operations by method, and by the parameter that is there; the first row that fits tells. */
const OF_BUCKET = `
  PUT CreateBucket
  HEAD HeadBucket
  DELETE DeleteBucket
  POST?delete DeleteObjects
  POST PostObject
  GET?location GetBucketLocation
  GET?versioning GetBucketVersioning
  GET?uploads ListMultipartUploads
  GET?session CreateSession
  GET?list-type ListObjectsV2
  GET ListObjects`
const OF_OBJECT = `
  PUT?partNumber UploadPart
  PUT PutObject
  GET?uploadId ListParts
  GET GetObject
  HEAD HeadObject
  POST?uploads CreateMultipartUpload
  POST?uploadId CompleteMultipartUpload
  DELETE?uploadId AbortMultipartUpload
  DELETE DeleteObject`
const COPIES: Readonly<Record<string, string>> = {
  ...{ UploadPart: 'UploadPartCopy', PutObject: 'CopyObject' },
}

/** S3's name of what a request asks for; empty where this server does not know it. */
export function s3OperationOf({ method, path, query, fields }: Received): string {
  const [bucket, key] = placeOf(path, fields.host)
  const names = [...new URLSearchParams(query).keys()]
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : ''
  // Of the parameters of a bucket, none makes one.
  const isOther = key === '' && method === 'PUT' && names.some((name) => !/^x-/i.test(name))
  if (isOther || names.some((name) => UNKNOWN.test(name))) return ''
  const rows = (key === '' ? OF_BUCKET : OF_OBJECT).trim().split(/\s*\n\s*/)
  const found = rows
    .map((row) => row.split(/[? ]/))
    .find(([of, marker = '', more]) => of === method && (!more || names.includes(marker)))
  const operation = found?.at(-1) ?? ''
  return (fields['x-amz-copy-source'] !== undefined && COPIES[operation]) || operation
}
