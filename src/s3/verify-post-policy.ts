import { backend } from '#crypto'
import { matches } from '../algorithms/matches.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { parameterOf } from '../canonical/token-name.ts'
import { checkWords } from '../canonical/words.ts'
import { isRefused, refuse } from '../model/refusal.ts'
import type { Claim, VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import { check } from '../verify/checks.ts'
import { findKeys } from '../verify/keys.ts'
import type { Received } from '../verify/received.ts'
import { readStatement } from '../verify/statement.ts'
import { checkPolicy, type RefusedPost, refusePost, sizeRange } from './check-policy.ts'
import { parsePolicy } from './policy-conditions.ts'
import { type FormInput, readForm } from './post-form.ts'

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

const NEEDED = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature']

/**
 * A form as a received request: its signature has the parts of a presigned URL's, under other names
 * and with the policy in place of what a URL says of headers and expiry.
 */
function receivedOf(fields: ReadonlyMap<string, string>): Received {
  const parameters = new Map<string, string>()
  for (const [name, value] of fields) parameters.set(parameterOf(name), value)
  parameters.set('X-Amz-SignedHeaders', 'host').set('X-Amz-Expires', '1')
  return {
    method: 'POST',
    path: '/',
    query: '',
    parameters,
    fields: { host: '' },
    body: '',
  }
}

/**
 * Verifies a form that was posted to a bucket: the policy's signature, scope, time and session token,
 * then every condition, and that each field has one. Returns what is expected, and throws only where
 * the call itself is wrong.
 *
 * `form` is the form as it came: a `FormData`, pairs or a record. Name what the file is by
 * `filename` and `contentLength` where the form's `file` does not tell. Store by what `fields` of the
 * result say.
 *
 * @throws CountersignError `invalid-options` where the policy limits the size and `contentLength` is
 * not known, or is another word than `deferred`; what the lookup throws is passed on
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
  const { algorithm: accepted = sigv4, crypto = backend, now = new Date() } = options
  const { maxClockSkew = 900, maxExpiresIn = 604800, bucket, service = 's3' } = options
  const { contentLength } = options
  if (typeof contentLength !== 'number') checkWords(options, { contentLength: 'deferred' })
  const { fields, file, odd } = readForm(form, options.filename)
  if (odd !== undefined)
    return refusePost('field-repeated', `The field ${odd} must come once, as text.`, 400, {
      field: odd,
    })
  const missing = NEEDED.filter((name) => !fields.get(name))
  if (missing.length === NEEDED.length)
    return refuse('missing-authentication', 'The form is not signed.')
  if (missing[0]) return refuse('malformed-authorization', `The form lacks ${missing[0]}.`)
  const text = fields.get('policy') ?? ''
  const policy = parsePolicy(text)
  if (!policy) return refusePost('invalid-policy', 'The policy is not one that S3 reads.', 400)

  const received = receivedOf(fields)
  const statement = readStatement(received, [accepted].flat())
  if (isRefused(statement)) return statement
  const { algorithm, credentialScope, signature } = statement
  const { accessKeyId, scope, signedAt } = statement.claim
  const end = Math.min(Number(policy.expiration), Number(signedAt) + maxExpiresIn * 1000)
  const times = { request: signedAt, server: now }
  if (!(Number(signedAt) - Number(now) <= maxClockSkew * 1000))
    return refuse('not-yet-valid', 'The form is not valid yet.', { times })
  if (!(Number(now) <= end))
    return refuse('expired', 'Invalid according to Policy: Policy expired.', { times })

  const lasts = Math.ceil((end - Number(signedAt)) / 1000)
  const claim = { ...statement.claim, expiresIn: Math.max(1, lasts) }
  const rules: VerifyOptions = { ...options, service, now, payload: undefined }
  const reading = { received, statement: { ...statement, claim }, profile: {} }
  const fault = check(reading, rules, now)
  if (fault) return fault
  const found = await findKeys(reading, rules, crypto)
  for (const credentials of found.credentials) {
    const key = await algorithm.deriveKey(credentials, credentialScope, crypto)
    if (!(await matches(algorithm, key, text, signature, crypto)) || found.refusal) continue
    algorithm.keep?.(key)
    if (credentials.expiration && !(credentials.expiration > now))
      return refuse('expired-session-token', 'The session token has expired.')
    // The form may name another bucket than the one that it was sent to.
    const held = new Map(fields).set('bucket', bucket)
    const refused = checkPolicy(policy, held, contentLength ?? file.size)
    if (refused) return refused
    const range = sizeRange(policy)
    const verified = {
      ok: true as const,
      accessKeyId,
      scope,
      signedAt,
      expiresAt: new Date(end),
      fields: Object.fromEntries(held),
      ...(range && { contentLengthRange: range }),
    }
    return Object.defineProperty(verified, 'credentials', { value: credentials }) as VerifiedPost
  }
  return (
    found.refusal ??
    refuse('signature-mismatch', 'The signature is not that of this policy and key.')
  )
}
