import { fail } from '../errors.ts'
import { type Steps, wait } from '../lib/steps.ts'
import type { SigningCredentials, SignOptions } from '../types.ts'

type CredentialOptions = Pick<SignOptions, 'credentials' | 'allowLongTermCredentials'>

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

// A page can be read by every script on it; jsdom and bundled Node are no browsers.
const inBrowser = (): boolean =>
  'location' in globalThis && !(globalThis as { process?: NodeJS.Process }).process?.versions?.node

/** The credentials to sign with: asked for, complete, alive, and allowed here. */
export function* resolveCredentials(
  { credentials: source, allowLongTermCredentials }: CredentialOptions,
  date: Date,
): Steps<SigningCredentials> {
  const credentials = typeof source === 'function' ? yield* wait(source()) : source
  const { accessKeyId, sessionToken, expiration } = credentials ?? {}
  const secret =
    'signingKey' in (credentials ?? {}) ||
    isText((credentials as { secretAccessKey?: string })?.secretAccessKey)
  if (!isText(accessKeyId) || !/^[!-+\--.0-~]+$/.test(accessKeyId as string) || !secret)
    fail(
      'invalid-credentials',
      'credentials need accessKeyId and secretAccessKey, non-empty strings.',
    )
  if (sessionToken !== undefined && !isText(sessionToken))
    fail('invalid-credentials', 'sessionToken must be a non-empty string, or left out.')
  if (expiration !== undefined && !(expiration > date))
    fail('expired-credentials', 'The credentials have expired: ask their provider for new ones.')
  if (
    !sessionToken &&
    !allowLongTermCredentials &&
    /^AKIA/.test(accessKeyId as string) &&
    inBrowser()
  )
    fail(
      'long-term-credentials',
      'A long-term key in a browser is readable by anyone: use temporary credentials, or pass allowLongTermCredentials: true.',
    )
  return credentials
}
