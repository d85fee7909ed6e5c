import type { SignOptions } from '../model/types.ts'

/** What every token is made with: whose it is, and for which region. */
export interface TokenOptions
  extends Pick<
    SignOptions,
    'credentials' | 'signingDate' | 'allowLongTermCredentials' | 'crypto' | 'onSign'
  > {
  /** Region of what is logged in to, such as `eu-west-1`. It is never guessed. */
  region: string
}

/** Who logs in to a cache. */
export interface CacheTokenOptions extends TokenOptions {
  /** Name of the cache or cluster: not its address, and in lower case, as AWS keeps it. */
  cluster: string
  /** Id of the user, which is also its name. */
  user: string
}

/** A token, and when it ends. */
export interface Token {
  /** What stands where a password would: whoever holds it can log in until `expiresAt`. */
  readonly token: string
  /** The earlier of the token's end and the credentials' own. */
  readonly expiresAt: Date
}
