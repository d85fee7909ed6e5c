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

/** The credentials of a service's answer, or an error where it has none. */
export function temporary(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  expiration: string | number | undefined,
): TemporaryCredentials {
  const date = new Date(expiration as string)
  if (!(accessKeyId && secretAccessKey && sessionToken && Number(date)))
    failWith('invalid-credentials', 'the endpoint has no credentials.')
  return { accessKeyId, secretAccessKey, sessionToken, expiration: date } as TemporaryCredentials
}
