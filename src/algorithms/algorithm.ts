import type { CryptoBackend } from '../crypto/backend.ts'
import type { Steps } from '../lib/steps.ts'
import type { SigningCredentials } from '../types.ts'

/** A signing key as an algorithm keeps it; opaque to everything else. */
export type SigningKey = unknown

/** A way to sign a string: SigV4's HMAC, or another passed as `algorithm`. */
export interface Algorithm {
  /** The first line of the string to sign. */
  readonly name: string
  /** `global`: the scope has no region. Default: `regional`. */
  readonly scope?: 'regional' | 'global'
  /** What a signature looks like. Default: 64 lower-case hex digits. */
  readonly signatureForm?: RegExp
  /** The signing key of a credential and a credential scope. */
  deriveKey(
    credentials: SigningCredentials,
    credentialScope: string,
    crypto: CryptoBackend,
  ): Steps<SigningKey>
  /** The signature of a string, in hex. */
  sign(key: SigningKey, stringToSign: string, crypto: CryptoBackend): Steps<string>
  /** Whether a signature holds. Default: sign again and compare. */
  verify?(
    key: SigningKey,
    stringToSign: string,
    signature: string,
    crypto: CryptoBackend,
  ): Steps<boolean>
  /** Remembers a key that has proved right. */
  keep?(key: SigningKey): void
}
