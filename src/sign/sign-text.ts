import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { Algorithm, SigningCredentials, SignOptions } from '../model/types.ts'

/** Who signs, for what and by what, and who is told of it. */
export interface Signatory extends Pick<SignOptions, 'onSign'> {
  readonly algorithm: Algorithm
  readonly credentials: SigningCredentials
  readonly credentialScope: string
  /** With the port where it is not the scheme's own; empty where no request is signed. */
  readonly host: string
  readonly crypto: CryptoBackend
  /** Tells those who watch the platform, whatever `crypto` is. */
  readonly watch: CryptoBackend['watch']
}

/** The signature of a text: of a request's string to sign, a form's policy, an event. */
export const signText = (text: string, signatory: Signatory): Awaitable<string> => {
  const { algorithm, credentials, credentialScope, host, crypto, onSign, watch } = signatory
  return after(algorithm.deriveKey(credentials, credentialScope, crypto), (key) =>
    after(algorithm.sign(key, text, crypto), (signature) => {
      const use = { accessKeyId: credentials.accessKeyId, credentialScope, host }
      onSign?.(use)
      watch?.('sign')?.(use)
      return signature
    }),
  )
}
