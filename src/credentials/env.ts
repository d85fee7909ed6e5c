import { ensure } from '../model/errors.ts'
import type { TemporaryCredentials } from './temporary.ts'

/** What the environment holds: the session's parts only where it has them. */
export type EnvironmentCredentials = Pick<
  TemporaryCredentials,
  'accessKeyId' | 'secretAccessKey'
> & {
  /** Of `AWS_SESSION_TOKEN`; absent for a long-term key. */
  readonly sessionToken?: string
  /** Of `AWS_CREDENTIAL_EXPIRATION`; absent where nothing says when the key ends. */
  readonly expiration?: Date
  /** Of `AWS_CREDENTIAL_SCOPE`: for the endpoint rules of the AWS SDKs; nothing is signed for it. */
  readonly credentialScope?: string
  /** Of `AWS_ACCOUNT_ID`, 12 digits: whose the key is, of which the AWS SDKs make endpoints. */
  readonly accountId?: string
}

/**
 * A provider that reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
 * `AWS_CREDENTIAL_EXPIRATION`, `AWS_CREDENTIAL_SCOPE` and `AWS_ACCOUNT_ID` each time it is asked; for
 * `countersign/sync` too.
 *
 * @param environment Default: `process.env`. A worker passes its bindings.
 * @throws CountersignError `invalid-credentials`, by the provider, where they are not set
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
 * @example const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: fromEnv() })
 */
export const fromEnv =
  (
    environment?: Readonly<Record<string, string | undefined>> | undefined,
  ): (() => EnvironmentCredentials) =>
  () => {
    const variables = environment ?? (globalThis as { process?: NodeJS.Process }).process?.env ?? {}
    const found: Record<string, string | Date> = {}
    // A variable is called as its member is: in a bundle each is written once.
    for (const name of [
      'accessKeyId',
      'secretAccessKey',
      'sessionToken',
      'expiration',
      'credentialScope',
      'accountId',
    ]) {
      const words = name.replace(/^ex/, 'credentialEx').replace(/[A-Z]/g, '_$&')
      const variable = `AWS_${words.toUpperCase()}`
      const value = variables[variable]
      ensure(value || !/Key/.test(name), 'invalid-credentials', variable)
      if (value) found[name] = /^ex/.test(name) ? new Date(value) : value
    }
    return found as unknown as EnvironmentCredentials
  }
