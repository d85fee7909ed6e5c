import { fail } from '../errors.ts'
import { type Steps, wait } from '../lib/steps.ts'
import { isName } from '../road/scope.ts'
import type { Credentials, DerivedCredentials, SigningCredentials, SignOptions } from '../types.ts'

// A page can be read by every script on it; jsdom and what is bundled for Node are no browsers.
const inBrowser = (): boolean =>
  'location' in globalThis && !(globalThis as { process?: NodeJS.Process }).process?.versions?.node

/** The credentials to sign with: asked for, complete, alive, and allowed here. */
export function* resolveCredentials(
  options: Pick<SignOptions, 'credentials' | 'allowLongTermCredentials'>,
  date: Date,
): Steps<SigningCredentials> {
  const source = options.credentials
  const credentials = typeof source === 'function' ? yield* wait(source()) : source
  const { accessKeyId, secretAccessKey, signingKey, sessionToken, expiration } = (credentials ??
    {}) as Credentials & DerivedCredentials
  if (!isName(accessKeyId) || !(secretAccessKey || signingKey) || /[^!-~]/.test(sessionToken ?? ''))
    fail('invalid-credentials', 'accessKeyId and secretAccessKey')
  if (expiration && !(expiration > date)) fail('expired-credentials', 'new ones')
  if (
    !sessionToken &&
    !options.allowLongTermCredentials &&
    /^AKIA/.test(accessKeyId) &&
    inBrowser()
  )
    fail('long-term-credentials', 'temporary ones in a browser')
  return credentials
}
