import type { CryptoBackend } from '../crypto/backend.ts'
import { fail, failWith } from '../model/errors.ts'
import type { PayloadCheck } from '../model/verify-types.ts'

/** Passes a body on as it streams, and fails at its end where its hash is not the one that was signed. */
export function payloadCheck(line: string, crypto: CryptoBackend): PayloadCheck {
  const hash =
    crypto.sha256Stream?.() ??
    fail('crypto-unavailable', "crypto with sha256Stream, or payload: 'hash'")
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      hash.update(chunk)
      controller.enqueue(chunk)
    },
    flush() {
      if (hash.digest() !== line)
        failWith('payload-mismatch', 'the body is not the one that was signed.')
    },
  })
  return stream as unknown as PayloadCheck
}
