import { backend } from '#crypto'
import { sigv4 } from '../algorithms/sigv4.ts'
import { expiryOf } from '../canonical/expiry.ts'
import { formatScope } from '../canonical/scope.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import { dnsSuffix } from '../endpoints/dns-suffix.ts'
import { base64 } from '../lib/base64.ts'
import { toBytes } from '../lib/bytes.ts'
import { formatAmzDate } from '../lib/time.ts'
import { fail } from '../model/errors.ts'
import type { PostCondition } from '../model/post.ts'
import type { SignOptions, UrlLike } from '../model/types.ts'
import { signText, tellOf } from '../sign/sign-text.ts'
import { parseCondition } from './policy-conditions.ts'
import { FILENAME } from './post-form.ts'

/** What {@link createPostPolicy} allows, and who says so. */
export interface PostPolicyOptions
  extends Pick<
    SignOptions,
    | 'credentials'
    | 'region'
    | 'signingDate'
    | 'allowLongTermCredentials'
    | 'algorithm'
    | 'crypto'
    | 'onSign'
  > {
  /** The bucket that the form uploads to. */
  bucket: string
  /** The object's key; `${filename}` in it stands for the name of the file that is chosen. */
  key: string
  /** Fields of the form beside the key, each allowed as it is given here and no other way. */
  fields?: Readonly<Record<string, string>> | undefined
  /**
   * What the form's other fields, and the file's size, must keep to: each names one field, which the
   * form must then send. Default: no other field.
   */
  conditions?: readonly PostCondition[] | undefined
  /** How long the form is good for: whole seconds, 1 to 604800. Default: 900. */
  expiresIn?: number | undefined
  /** Where the form is sent. Default: the bucket's own address at Amazon. */
  url?: string | UrlLike | undefined
  /** As it stands in the credential scope. Default: `s3`. */
  service?: string | undefined
}

/** A form that uploads a file: `fields` go before the field `file`. */
export interface PostPolicy {
  /** Where the form is sent: its `action`. */
  readonly url: string
  /** The form's fields, by the names that S3 reads: the key, what is allowed, the policy and its signature. */
  readonly fields: Record<string, string>
}

const addressOf = (bucket: string, region: string): string => {
  const host = `s3.${region}.${dnsSuffix(region)}`
  // A certificate for *.s3.… does not cover a name with dots.
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}/`
}

function keyCondition(key: string): PostCondition {
  const [before = '', ...after] = key.split(FILENAME)
  return after.length > 0 ? ['starts-with', '$key', before] : { key }
}

/** JSON in ASCII, as S3's documentation asks. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * Signs what a browser may upload by a plain HTML form: the policy, and the fields that carry it.
 *
 * The form must send every field of `fields`, and each that `conditions` name, then the file in a
 * field `file`; a session token is in field and condition. The policy ends after `expiresIn` seconds, or with the credentials where they
 * end before.
 *
 * @throws CountersignError `invalid-policy`, `invalid-expiry`, `invalid-scope`, `invalid-date`,
 * `invalid-credentials`, `expired-credentials`, `long-term-credentials`, `crypto-unavailable`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
 * @example
 * const { url, fields } = await createPostPolicy({
 *   bucket: 'photos', key: 'user1/${filename}', region: 'eu-west-1', credentials,
 *   fields: { acl: 'private' },
 *   conditions: [['content-length-range', 1, 5_000_000], ['starts-with', '$Content-Type', 'image/']],
 * })
 */
export async function createPostPolicy(options: PostPolicyOptions): Promise<PostPolicy> {
  const { bucket, key, region, conditions = [], expiresIn = 900, service = 's3' } = options
  const { signingDate = new Date(), algorithm = sigv4, crypto = backend } = options
  if (!(bucket && key)) fail('invalid-policy', 'bucket and key')
  // A wrong expiry asks no provider of credentials.
  expiryOf(signingDate, expiresIn)
  const parsed = conditions.map((it) => {
    const condition = parseCondition(it)
    return typeof condition === 'string'
      ? fail('invalid-policy', `conditions as S3 writes them (${condition.replace(/\.$/, '')})`)
      : condition
  })
  const covered = new Set(parsed.map((it) => ('field' in it ? it.field : '')))
  const credentials = await resolveCredentials(options, signingDate)
  const amzDate = formatAmzDate(signingDate)
  const scope = formatScope(amzDate, { region, service })
  const own: Record<string, string> = {
    'x-amz-algorithm': algorithm.name,
    'x-amz-credential': `${credentials.accessKeyId}/${scope}`,
    'x-amz-date': amzDate,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  }
  const { fields = {} } = options
  const taken = Object.keys(fields).find(
    (name) => /^(key|policy|file|x-amz-signature)$/i.test(name) || name.toLowerCase() in own,
  )
  if (taken) fail('invalid-policy', `fields without ${taken}`)

  const exact = Object.entries(fields).filter(([name]) => !covered.has(name.toLowerCase()))
  const text = asciiJson({
    expiration: expiryOf(signingDate, expiresIn, credentials.expiration),
    conditions: [
      ...(covered.has('bucket') ? [] : [{ bucket }]),
      ...(covered.has('key') ? [] : [keyCondition(key)]),
      ...exact.map(([name, value]) => ({ [name]: value })),
      ...conditions,
      ...Object.entries(own).map(([name, value]) => ({ [name]: value })),
    ],
  })
  const policy = base64(toBytes(text))
  const address = options.url ?? addressOf(bucket, region)
  const url = typeof address === 'string' ? address : address.href
  // A form on the bucket's own page may go to a path.
  const host = /^\w+:\/\/([^/?#]+)/.exec(url)?.[1] ?? ''
  const tell = tellOf(options, backend, host)
  const signature = await signText(policy, credentials, scope, algorithm, crypto, tell)
  return {
    url,
    fields: {
      key,
      ...fields,
      ...own,
      policy,
      'x-amz-signature': signature,
    },
  }
}
