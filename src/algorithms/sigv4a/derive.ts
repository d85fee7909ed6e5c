import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Awaitable, after, firstOf } from '../../lib/awaitable.ts'
import { fromHex } from '../../lib/hex.ts'
import { fromLatin1 } from '../../lib/latin1.ts'
import { ensure } from '../../model/errors.ts'
import type { Credentials } from '../../model/types.ts'

// The order of P-256, less two.
const N_MINUS_TWO = /* @__PURE__ */ fromHex(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f',
)

// AWS's own limit; each further round has a chance of 2^-32.
const MOST_ROUNDS = 254

/** Whether a number of 32 bytes is above n − 2, in constant time. */
const isTooLarge = (candidate: Uint8Array): boolean => {
  let borrow = 0
  for (let at = 31; at >= 0; at--)
    borrow = ((N_MINUS_TWO[at] as number) - (candidate[at] as number) - borrow) >>> 31
  return borrow === 1
}

/** A number of 32 bytes plus one, in constant time. */
const plusOne = (candidate: Uint8Array): Uint8Array => {
  const sum = new Uint8Array(32)
  let carry = 1
  for (let at = 31; at >= 0; at--) {
    carry += candidate[at] as number
    sum[at] = carry
    carry >>= 8
  }
  return sum
}

/**
 * The private scalar of an access key, 32 bytes: NIST's counter-mode KDF over HMAC-SHA256, tried
 * with the next counter where it yields no scalar of the curve. It is the same for all days,
 * regions and services.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @see https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-108r1.pdf
 */
export function deriveScalar(
  { accessKeyId, secretAccessKey }: Credentials,
  crypto: CryptoBackend,
): Awaitable<Uint8Array> {
  // An access key id stands in a header, and so the label is ASCII.
  const label = fromLatin1(`\0\0\0\x01AWS4-ECDSA-P256-SHA256\0${accessKeyId}`)
  const counters = Array.from({ length: MOST_ROUNDS }, (_, index) => index + 1)
  const scalarAt = (counter: number) =>
    after(
      crypto.hmac(`AWS4A${secretAccessKey}`, Uint8Array.of(...label, counter, 0, 0, 1, 0)),
      (candidate) => (isTooLarge(candidate) ? undefined : plusOne(candidate)),
    )
  return after(firstOf(counters, scalarAt), (scalar) =>
    ensure(scalar, 'invalid-credentials', 'another access key, as this one yields no key pair'),
  )
}
