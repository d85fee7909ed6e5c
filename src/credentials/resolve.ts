import type { Memory } from '../canonical/profile.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { timeOf } from '../lib/time.ts'
import { ensure } from '../model/errors.ts'
import type {
  Credentials,
  DerivedCredentials,
  SigningCredentials,
  SignOptions,
} from '../model/types.ts'

// A page can be read by every script on it; jsdom and what is bundled for Node are no browsers.
const inBrowser = (): unknown =>
  globalThis.location && !(globalThis as { process?: NodeJS.Process }).process?.versions?.node

/** The credentials to sign with: asked for, complete, alive, and allowed here. */
export const resolveCredentials = (
  {
    credentials: source,
    allowLongTermCredentials,
    complete,
  }: Pick<SignOptions, 'credentials' | 'allowLongTermCredentials'> & Memory,
  date: Date,
): Awaitable<SigningCredentials> =>
  after(typeof source === 'function' ? source() : source, (credentials) => {
    const {
      accessKeyId,
      secretAccessKey,
      signingKey = secretAccessKey as unknown,
      sessionToken = '',
      expiration,
    } = (credentials ?? {}) as Credentials & Partial<DerivedCredentials>
    const end = timeOf(expiration ?? Infinity)
    ensure(
      complete?.has(credentials) ||
        (end >= 0 && signingKey && accessKeyId && /^[!-~]+$/.test(accessKeyId + sessionToken)),
      'invalid-credentials',
      'accessKeyId, secretAccessKey, expiration',
    )
    // What a provider has just handed out is for the server to judge: our clock may be wrong.
    ensure(
      source !== credentials || end > (date as unknown as number),
      'expired-credentials',
      'new credentials',
    )
    ensure(
      sessionToken || allowLongTermCredentials || !/^AKIA/.test(accessKeyId) || !inBrowser(),
      'long-term-credentials',
      'sessionToken or allowLongTermCredentials',
    )
    complete?.add(credentials)
    return credentials
  })
