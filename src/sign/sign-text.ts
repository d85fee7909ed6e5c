import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { Algorithm, SigningCredentials, SignOptions } from '../model/types.ts'

/** Tells of a use of a key, once it has signed. */
export type Tell = (accessKeyId: string, credentialScope: string) => void

/** Tells `onSign` and those who watch the platform: for which host a key signs, if for any. */
export const tellOf =
  ({ onSign }: Pick<SignOptions, 'onSign'>, { watch }: CryptoBackend, host: string): Tell =>
  (accessKeyId, credentialScope) => {
    const use = { accessKeyId, credentialScope, host }
    onSign?.(use)
    watch?.('sign')?.(use)
  }

/** The signature of a text: of a request's string to sign, a form's policy, an event. */
export const signText = (
  text: string,
  credentials: SigningCredentials,
  credentialScope: string,
  algorithm: Algorithm,
  crypto: CryptoBackend,
  tell: Tell,
): Awaitable<string> =>
  after(algorithm.deriveKey(credentials, credentialScope, crypto), (key) =>
    after(algorithm.sign(key, text, crypto), (signature) => {
      tell(credentials.accessKeyId, credentialScope)
      return signature
    }),
  )
