import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { equalConstantTime } from '../lib/constant-time.ts'
import type { Algorithm, SigningKey } from '../model/types.ts'

/** Whether a signature is that of a string, compared in constant time. */
export const matches = (
  algorithm: Algorithm,
  key: SigningKey,
  stringToSign: string,
  signature: string,
  crypto: CryptoBackend,
): Awaitable<boolean> =>
  algorithm.verify?.(key, stringToSign, signature, crypto) ??
  after(algorithm.sign(key, stringToSign, crypto), (expected) =>
    (crypto.equal ?? equalConstantTime)(expected, signature),
  )
