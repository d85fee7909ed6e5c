import { type RefusedPost, refusePost } from '../../model/post.ts'
import { refuse } from '../../model/refusal.ts'
import {
  type VerifiedPost,
  type VerifyPostOptions,
  verifyPostPolicy,
} from '../../s3/verify-post-policy.ts'
import { type Answer, xmlAnswer } from '../answers.ts'
import { checksumValue, statedValues } from './checksums.ts'
import { keep, keptHeaders, type Store, s3Error, storedObject } from './store.ts'

/** A form that was posted to a bucket, and what it uploads. */
export interface PostedForm {
  readonly bucket: string
  readonly post: VerifiedPost
  readonly file: Uint8Array
}

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
  contentType: string,
  options: VerifyPostOptions,
): Promise<PostedForm | RefusedPost> {
  const response = new Response(Buffer.from(body), { headers: { 'content-type': contentType } })
  const form = await response.formData().catch(() => undefined)
  if (!form) return NOT_A_FORM
  const post = await verifyPostPolicy(form, options)
  if (!post.ok) return post
  const file = form.get('file')
  if (file === null)
    return refusePost('missing-file', 'POST requires exactly one file upload per request.', 400)
  const bytes = Buffer.from(await new Blob([file]).arrayBuffer())
  return { bucket: options.bucket, post, file: bytes }
}

/** Stores the file of a form, and answers as the form asks for. */
export async function postObject(
  store: Store,
  { bucket, post: { fields }, file }: PostedForm,
  { url, time }: { readonly url: string; readonly time: Date },
): Promise<Answer> {
  const entries = Object.entries(fields)
  const checksums = statedValues(entries)
  for (const [name, value] of Object.entries(checksums))
    if ((await checksumValue(name, file)) !== value) return s3Error('BadDigest')
  const { key = '', success_action_redirect, redirect, success_action_status } = fields
  const object = storedObject(file, time, { headers: keptHeaders(entries), checksums })
  keep(store, [bucket, key], object)
  const told = { Bucket: bucket, Key: key, ETag: object.etag }
  const address = success_action_redirect ?? redirect ?? ''
  if (URL.canParse(address)) {
    const { href } = new URL(address)
    const query = new URLSearchParams({ bucket, key, etag: object.etag })
    return { status: 303, headers: { location: `${href}${/\?/.test(href) ? '&' : '?'}${query}` } }
  }
  const Location = `${url}/${bucket}/${encodeURIComponent(key)}`
  const headers = { location: Location, ETag: object.etag }
  if (success_action_status !== '201')
    return { status: success_action_status === '200' ? 200 : 204, headers }
  const answer = xmlAnswer('PostResponse', { Location, ...told }, 201)
  return { ...answer, headers: { ...answer.headers, ...headers } }
}
