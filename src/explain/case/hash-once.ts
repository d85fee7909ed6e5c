import type { CryptoBackend, Sha256Stream } from '../../crypto/backend.ts'

/** A backend that hashes one body once, however often it is asked; not at all, where its hash is known. */
export function hashOnce(
  crypto: CryptoBackend,
  body: string | Uint8Array | undefined,
  known?: string | undefined,
): CryptoBackend {
  let hash: ReturnType<CryptoBackend['sha256']> | undefined = known
  return {
    sha256: (data) => {
      if (data !== body) return crypto.sha256(data)
      hash ??= crypto.sha256(data)
      return hash
    },
    hmac: (key, data) => crypto.hmac(key, data),
    hmacHex: (key, data) => crypto.hmacHex(key, data),
    ...(crypto.sha256Stream && { sha256Stream: () => crypto.sha256Stream?.() as Sha256Stream }),
    ...(crypto.equal && {
      equal: (expected, received) => crypto.equal?.(expected, received) ?? expected === received,
    }),
  }
}
