import { type RefreshingProvider, refreshing } from '../credentials/refreshing.ts'
import type { TemporaryCredentials } from '../credentials/temporary.ts'
import { ensure } from '../model/errors.ts'
import type { CredentialsProvider, SigningCredentials } from '../model/types.ts'
import { createSigner } from '../verbs/async.ts'
import { addressOf, credentialsIn, type ServiceOptions } from './service.ts'

/** Whose session {@link s3ExpressSession} makes, for which directory bucket. */
export interface S3ExpressSessionOptions extends ServiceOptions {
  /** Name of the directory bucket, with its zone in it: `logs--use1-az4--x-s3`. */
  bucket: string
  /** Region of the bucket, such as `us-east-1`. */
  region: string
  /** Who asks: a key, or a provider of one. */
  credentials: SigningCredentials | CredentialsProvider
  /** Let an `AKIA…` key ask from a browser page or worker. Default: `long-term-credentials`. */
  allowLongTermCredentials?: true | undefined
}

/**
 * A provider of a directory bucket's session: CreateSession, signed with `credentials`. A session lives
 * for five minutes; it is kept, and made anew in its last one.
 *
 * Sign the calls of objects with it, for the service `s3express`, which has the token in
 * `x-amz-s3session-token`; CreateSession, HeadBucket and CopyObject are signed with the role's own
 * credentials and `sessionTokenName: 'x-amz-security-token'`.
 *
 * @throws CountersignError `invalid-options`, `invalid-scope`; by the provider: `credentials-refused`
 * with S3's own code in `error.service`, and as `sign`; what `fetch` throws is passed on
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
 * @example
 * const bucket = 'logs--use1-az4--x-s3'
 * const credentials = s3ExpressSession({ bucket, region: 'us-east-1', credentials: fromEnv() })
 * const aws = createSigner({ service: 's3express', region: 'us-east-1', credentials })
 */
export function s3ExpressSession(
  options: S3ExpressSessionOptions,
): RefreshingProvider<TemporaryCredentials> {
  const { bucket } = options
  const [, zone] = ensure(
    /^[\w-]+--(\w+(-\w+){0,9})--x-s3$/.exec(bucket),
    'invalid-options',
    'bucket as name--zone--x-s3',
  )
  const address = addressOf(options, `${bucket}.s3express-${zone}`, options.region)
  const { fetch } = createSigner({
    ...options,
    service: 's3express',
    sessionTokenName: 'x-amz-security-token',
    retries: 2,
  })
  return refreshing(() => fetch(`${address}?session`).then(credentialsIn), { early: 60 })
}
