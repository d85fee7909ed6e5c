import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { Algorithm, SigningCredentials, SigningKey } from '../model/types.ts'

/** The signing key in the form in which the platform signs many texts with it. */
export const importedKey = (
  algorithm: Algorithm,
  credentials: SigningCredentials,
  credentialScope: string,
  crypto: CryptoBackend,
): Awaitable<SigningKey> =>
  after(algorithm.deriveKey(credentials, credentialScope, crypto), (key) =>
    key instanceof Uint8Array ? (crypto.importKey?.(key) ?? key) : key,
  )
