import type { CryptoBackend } from '../crypto/backend.ts'
import { equalConstantTime } from '../lib/bytes.ts'
import type { Steps } from '../lib/steps.ts'
import type { Algorithm, SigningKey } from './algorithm.ts'

/** Whether a signature is that of a string, compared in constant time. */
export function* matches(
  algorithm: Algorithm,
  key: SigningKey,
  stringToSign: string,
  signature: string,
  crypto: CryptoBackend,
): Steps<boolean> {
  if (algorithm.verify) return yield* algorithm.verify(key, stringToSign, signature, crypto)
  const expected = yield* algorithm.sign(key, stringToSign, crypto)
  return (crypto.equal ?? equalConstantTime)(expected, signature)
}
