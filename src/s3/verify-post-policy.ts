import { backend } from '#crypto'
import { checkWords } from '../canonical/words.ts'
import { told } from '../crypto/backend.ts'
import { timeOf } from '../lib/time.ts'
import { fail } from '../model/errors.ts'
import { type RefusedPost, refusePost } from '../model/post.ts'
import { refuse } from '../model/refusal.ts'
import type { Claim, VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import { checkPolicy, sizeRange } from './check-policy.ts'
import { parsePolicy } from './policy-conditions.ts'
import { type FormInput, fillIn, readForm } from './post-form.ts'
import { formExpired, proveForm } from './prove-form.ts'
import { lacks, readStatedForm, repeatedField, type StatedForm } from './stated-form.ts'

/** The options of {@link verifyPostPolicy}; those that `verify` has too mean the same. */
export interface VerifyPostOptions
  extends Pick<
    VerifyOptions,
    'credentials' | 'region' | 'now' | 'maxClockSkew' | 'maxExpiresIn' | 'algorithm' | 'crypto'
  > {
  /** The bucket that the form was sent to, by its host or path: what the form says is not believed. */
  bucket: string
  /** The services that a form may be signed for, as for `verify`. Default: `s3`. */
  service?: VerifyOptions['service'] | undefined
  /** Name of the file, which `${filename}` stands for. Default: of the field `file`, where it tells. */
  filename?: string | undefined
  /**
   * Bytes of the file, or `deferred` where they are not known yet: then hold the file to
   * `contentLengthRange`. Default: of the field `file`, where it tells.
   */
  contentLength?: number | 'deferred' | undefined
  /**
   * The most bytes of the form's fields, names and values, before and after `${filename}` is filled
   * in; the file is not counted. Default: 20480, as S3 has it.
   */
  maxFieldsSize?: number | undefined
}

/** A form whose policy is signed and kept. */
export interface VerifiedPost {
  /** True: the file may be stored. Tells this from a `RefusedPost`. */
  readonly ok: true
  /** Whose key has signed the policy. */
  readonly accessKeyId: string
  /** The key that matched; not enumerable. */
  readonly credentials: VerifyingCredentials
  /** The day, region and service that the policy is signed for. */
  readonly scope: Claim['scope']
  /** The time that its maker signed it. */
  readonly signedAt: Date
  /** When the form can no longer be accepted. */
  readonly expiresAt: Date
  /** The form's fields, names in lower case, `${filename}` filled in: store what they say. */
  readonly fields: Readonly<Record<string, string>>
  /** Least and most bytes of the file, where the policy says. */
  readonly contentLengthRange?: readonly [least: number, most: number]
}

/**
 * Verifies a form that was posted to a bucket: the policy's signature, scope, time and session token,
 * then every condition, and that each field has one. Nothing but the signature is looked at before it
 * holds. Returns what is expected, and throws only where the call itself is wrong.
 *
 * `form` is the form as it came: a `FormData`, pairs or a record. Name what the file is by
 * `filename` and `contentLength` where the form's `file` does not tell. Store by what `fields` of the
 * result say.
 *
 * @throws CountersignError `invalid-options` where the policy limits the size of a file that came and
 * does not tell it, and `contentLength` does not either, or is another word than `deferred`; what the
 * lookup throws is passed on
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 * @example
 * const result = await verifyPostPolicy(await request.formData(), {
 *   bucket: 'photos', credentials: (id) => keys.get(id),
 * })
 * if (!result.ok) return new Response(result.message, { status: result.status })
 */
export async function verifyPostPolicy(
  form: FormInput,
  options: VerifyPostOptions,
): Promise<VerifiedPost | RefusedPost> {
  const { contentLength, now = new Date() } = options
  if (typeof contentLength !== 'number') checkWords(options, { contentLength: 'deferred' })
  const stated = readStatedForm(readForm(form), options.algorithm)
  return told(() => stated.refusal ?? judge(stated, { ...options, now }), backend, stated)
}

/** The verdict on a form that says who signed it. */
async function judge(
  stated: StatedForm,
  options: VerifyPostOptions & { readonly now: Date },
): Promise<VerifiedPost | RefusedPost> {
  const { now, bucket, contentLength, maxFieldsSize = 20_480, maxExpiresIn = 604_800 } = options
  const { fields, file, statement } = stated
  const credentials = await proveForm(stated, options)
  if ('ok' in credentials) return credentials
  if (!(timeOf(credentials.expiration ?? Infinity) > Number(now)))
    return refuse('expired-session-token', 'The session token has expired.')

  // What follows costs more than the form has bytes, and so only who was given a form may ask for it.
  const filled = fillIn(fields, options.filename ?? file?.name, maxFieldsSize)
  if (!filled)
    return refusePost(
      'fields-too-large',
      'Your POST request fields preceding the upload file were too large.',
      400,
    )
  if (!filled.get('key')) return refusePost('missing-field', lacks('key'), 400, { field: 'key' })
  const policy = parsePolicy(fields.get('policy') ?? '')
  if (typeof policy === 'string')
    return refusePost('invalid-policy', `Invalid Policy: ${policy}`, 400)
  const { accessKeyId, scope, signedAt } = statement.claim
  const end = Math.min(Number(policy.expiration), Number(signedAt) + maxExpiresIn * 1000)
  if (!(Number(now) <= end)) return formExpired(signedAt, now)
  // The form may name another bucket than the one that it was sent to.
  filled.set('bucket', bucket)
  const range = sizeRange(policy)
  const size = contentLength ?? file?.size
  if (range && file && size === undefined)
    return file.mayBeText
      ? repeatedField('file')
      : fail('invalid-options', "contentLength, or 'deferred'")
  const refused = checkPolicy(policy, filled, size)
  if (refused) return refused
  const verified = {
    ok: true as const,
    accessKeyId,
    scope,
    signedAt,
    expiresAt: new Date(end),
    fields: Object.fromEntries(filled),
    ...(range && { contentLengthRange: range }),
  }
  return Object.defineProperty(verified, 'credentials', { value: credentials }) as VerifiedPost
}
