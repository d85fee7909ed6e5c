import { fail, match } from '../errors.ts'
import { type Steps, wait } from '../lib/steps.ts'
import type { Credentials, DerivedCredentials, SigningCredentials, SignOptions } from '../types.ts'

// A page can be read by every script on it; jsdom and what is bundled for Node are no browsers.
const inBrowser = (): boolean =>
  'location' in globalThis && !(globalThis as { process?: NodeJS.Process }).process?.versions?.node

/** The credentials to sign with: asked for, complete, alive, and allowed here. */
export function* resolveCredentials(
  {
    credentials: source,
    allowLongTermCredentials,
  }: Pick<SignOptions, 'credentials' | 'allowLongTermCredentials'>,
  date: Date,
): Steps<SigningCredentials> {
  const credentials = typeof source === 'function' ? yield* wait(source()) : source
  const {
    accessKeyId,
    secretAccessKey,
    signingKey,
    sessionToken = '',
    expiration,
  } = (credentials ?? {}) as Credentials & DerivedCredentials
  const shown = (signingKey ?? secretAccessKey) && accessKeyId && accessKeyId + sessionToken
  match(shown, /^[!-~]+$/, 'invalid-credentials', 'accessKeyId and secretAccessKey')
  if (expiration && !(expiration > date)) fail('expired-credentials', 'new ones')
  if (!sessionToken && !allowLongTermCredentials && /^AKIA/.test(accessKeyId) && inBrowser())
    fail('long-term-credentials', 'temporary ones')
  return credentials
}
