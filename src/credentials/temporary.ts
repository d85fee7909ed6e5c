import { timeOf } from '../lib/time.ts'
import { failWith } from '../model/errors.ts'

/** Credentials of a session, in the form that `sign` and the AWS SDKs take. */
export interface TemporaryCredentials {
  /** `ASIA…`: the session's own; it is sent with each request. */
  readonly accessKeyId: string
  /** The secret that signs; it is never sent. */
  readonly secretAccessKey: string
  /** Proves the session; it is sent with each request. */
  readonly sessionToken: string
  /** When the session ends. */
  readonly expiration: Date
}

/** The credentials of an answer, by AWS's names. */
export interface Answered {
  readonly AccessKeyId?: string | undefined
  /** As Cognito has it, and others `SecretAccessKey`. */
  readonly SecretKey?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
  /** A date in text, or seconds since 1970. */
  readonly Expiration?: string | number | undefined
}

/** The credentials of a service's answer, or an error where it has none. */
export function temporary({
  AccessKeyId: accessKeyId,
  SecretKey,
  SecretAccessKey: secretAccessKey = SecretKey,
  SessionToken: sessionToken,
  Expiration,
}: Answered): TemporaryCredentials {
  const expiration = new Date(timeOf(Expiration))
  if (!(accessKeyId && secretAccessKey && sessionToken && +expiration))
    failWith('invalid-credentials', 'the endpoint gave none.')
  return { accessKeyId, secretAccessKey, sessionToken, expiration } as TemporaryCredentials
}
