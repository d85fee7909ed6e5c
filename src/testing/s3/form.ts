import { isDeepStrictEqual } from 'node:util'
import { type RefusedPost, refusePost } from '../../model/post.ts'
import { refuse } from '../../model/refusal.ts'
import {
  type VerifiedPost,
  type VerifyPostOptions,
  verifyPostPolicy,
} from '../../s3/verify-post-policy.ts'
import { xmlAnswer } from '../answers.ts'
import { statedValues, valuesOf } from './checksums.ts'
import { keepObject, keptHeaders, type S3Operation, s3Error } from './store.ts'

const NOT_A_FORM: RefusedPost = {
  ...refuse(
    'malformed-authorization',
    'The body of your POST request is not well-formed multipart/form-data.',
  ),
  code: 'MalformedPOSTRequest',
}

/** Verifies a form, its policy and its file; Node's own parser of forms reads it. */
export async function readPostForm(
  body: Uint8Array,
  type: string,
  options: VerifyPostOptions,
): Promise<{ readonly post: VerifiedPost; readonly file: Uint8Array } | RefusedPost> {
  const response = new Response(Buffer.from(body), { headers: { 'content-type': type } })
  const form = await response.formData().catch(() => undefined)
  if (!form) return NOT_A_FORM
  const post = await verifyPostPolicy(form, options)
  if (!post.ok) return post
  const file = form.get('file')
  if (file === null)
    return refusePost('missing-file', 'POST requires exactly one file upload per request.', 400)
  return { post, file: Buffer.from(await new Blob([file]).arrayBuffer()) }
}

/** Stores the file of a form, and answers as the form asks for. */
export const postObject: S3Operation = async (call) => {
  const { form, url, bucket, body } = call
  if (!form) return undefined
  const checksums = statedValues(form)
  const values = await valuesOf(Object.keys(checksums), body)
  if (!isDeepStrictEqual(values, checksums)) throw s3Error('BadDigest')
  const { key = '', success_action_redirect, redirect = '', success_action_status: status } = form
  const { etag } = keepObject({ ...call, key }, { headers: keptHeaders(form), checksums })
  const address = success_action_redirect ?? redirect
  if (URL.canParse(address)) {
    const { href } = new URL(address)
    const query = new URLSearchParams({ bucket, key, etag })
    return { status: 303, headers: { location: `${href}${/\?/.test(href) ? '&' : '?'}${query}` } }
  }
  const location = `${url}/${bucket}/${encodeURIComponent(key)}`
  const headers = { location, ETag: etag }
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers }
  const told = { Location: location, Bucket: bucket, Key: key, ETag: etag }
  return xmlAnswer('PostResponse', told, { status: 201, headers })
}
