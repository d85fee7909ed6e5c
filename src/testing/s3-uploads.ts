import { element } from '../lib/xml.ts'
import { type Answer, type ServiceRequest, s3Error, textsOf, xmlAnswer } from './answer.ts'
import { XMLNS } from './s3-listing.ts'
import { assemble, etagOf, keptHeaders, type StoredObject, type Upload } from './s3-store.ts'

/** Uploads in parts: created, filled, completed or given up; what is complete is handed on. */
export function createUploads(
  keep: (bucket: string, key: string, object: StoredObject) => void,
): (bucket: string, key: string, request: ServiceRequest) => Answer {
  const uploads = new Map<string, Upload>()
  let created = 0
  return (bucket, key, request) => {
    const { method, query, body, headers } = request
    const where = [element('Bucket', bucket), element('Key', key)]
    if (query.has('uploads')) {
      const id = `upload-${++created}`
      uploads.set(id, { key, headers: keptHeaders(headers), parts: new Map() })
      return xmlAnswer(`InitiateMultipartUploadResult ${XMLNS}`, [
        ...where,
        element('UploadId', id),
      ])
    }
    const id = query.get('uploadId') ?? ''
    const upload = uploads.get(id)
    if (!upload || upload.key !== key)
      return s3Error(404, 'NoSuchUpload', 'The specified upload does not exist.')
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body)
      return { headers: { etag: etagOf(body) } }
    }
    uploads.delete(id)
    if (method === 'DELETE') return { status: 204 }
    const numbers = textsOf(new TextDecoder().decode(body), 'PartNumber').map(Number)
    const object = assemble(upload, numbers)
    keep(bucket, key, object)
    return xmlAnswer(`CompleteMultipartUploadResult ${XMLNS}`, [
      element('Location', `/${bucket}/${key}`),
      ...where,
      element('ETag', object.etag),
    ])
  }
}
