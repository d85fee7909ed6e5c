import { checkWords } from '../canonical/words.ts'
import { type RefreshingProvider, refreshing } from '../credentials/refreshing.ts'
import { type TemporaryCredentials, temporary } from '../credentials/temporary.ts'
import { textOf } from '../lib/xml.ts'
import { ensure } from '../model/errors.ts'
import type { CredentialsProvider, SigningCredentials } from '../model/types.ts'
import { createSigner } from '../verbs/async.ts'
import { endpointOf, refusal, type ServiceOptions } from './service.ts'

/** Whose session {@link s3ExpressSession} makes, for which directory bucket. */
export interface S3ExpressSessionOptions extends ServiceOptions {
  /** Name of the directory bucket, with its zone in it: `logs--use1-az4--x-s3`. */
  bucket: string
  /** Region of the bucket, such as `us-east-1`. */
  region: string
  /** Who asks: a key, or a provider of one. */
  credentials: SigningCredentials | CredentialsProvider
  /** What the session may do. Default: S3's own, `ReadWrite` where the policy allows it. */
  sessionMode?: 'ReadOnly' | 'ReadWrite' | undefined
  /** Let an `AKIA…` key ask from a browser page or worker. Default: `long-term-credentials`. */
  allowLongTermCredentials?: true | undefined
}

/** The session of a directory bucket, whose token has a header of its own. */
export interface S3ExpressCredentials extends TemporaryCredentials {
  /** The header that S3 Express reads a session's token from. */
  readonly sessionTokenName: 'x-amz-s3session-token'
}

/**
 * A provider of a directory bucket's session: CreateSession, signed with `credentials`. A session lives
 * for five minutes; it is kept, and made anew in its last one.
 *
 * Sign the calls of objects with it, for the service `s3express`; CreateSession, HeadBucket and
 * CopyObject are signed with the role's own credentials and `sessionTokenName: 'x-amz-security-token'`.
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
): RefreshingProvider<S3ExpressCredentials> {
  checkWords(options, { sessionMode: 'ReadOnly|ReadWrite' })
  const { bucket, region, endpoint, sessionMode } = options
  const zone = /^[a-z\d-]+--([a-z\d-]+)--x-s3$/.exec(bucket)?.[1]
  const known = ensure(zone, 'invalid-options', 'a bucket of the form name--zone--x-s3')
  const place = new URL(`${endpoint ?? endpointOf(`${bucket}.s3express-${known}`, region)}`)
  place.search = 'session'
  const { fetch } = createSigner({
    ...options,
    service: 's3express',
    sessionTokenName: 'x-amz-security-token',
    retries: 2,
  })

  return refreshing(
    async () => {
      const headers = sessionMode && { 'x-amz-create-session-mode': sessionMode }
      const response = await fetch(place.href, headers && { headers })
      const text = await response.text()
      const read = (name: string) => textOf(text, name)
      if (!response.ok) throw refusal(response, read('Code'), read('Message'), [])
      return {
        ...temporary(
          read('AccessKeyId'),
          read('SecretAccessKey'),
          read('SessionToken'),
          read('Expiration'),
        ),
        sessionTokenName: 'x-amz-s3session-token' as const,
      }
    },
    { early: 60 },
  )
}
