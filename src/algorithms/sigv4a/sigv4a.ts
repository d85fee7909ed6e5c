import { backend } from '#crypto'
import { p256 } from '#p256'
import type { CryptoBackend } from '../../crypto/backend.ts'
import type { Algorithm, Credentials } from '../../model/types.ts'
import { deriveScalar } from './derive.ts'
import { ecdsa } from './index.ts'
import { type Curve, p256Of } from './p256.ts'

/**
 * SigV4a: signatures that hold in a set of regions, by ECDSA over P-256.
 *
 * Pass it as `algorithm` to `sign`, `presign`, `createSigner`, `verify` and `createVerifier`, with
 * `regionSet` in place of `region` to sign: names, `*` or `us-west-*`. A signer or verifier
 * remembers the key pairs that it derives. The platform's P-256 signs: `node:crypto`, with which
 * `countersign/sync` works too, elsewhere `crypto.subtle`.
 *
 * @throws CountersignError `invalid-scope` without regions, `invalid-credentials` where there is
 * but a derived key of SigV4, `crypto-unavailable` in Safari, to verify in Firefox, and on a page
 * served over plain http: see {@link sigv4aWith}
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 * @example
 * const signed = await sign(
 *   { url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/report.pdf' },
 *   { service: 's3', regionSet: '*', algorithm: sigv4a, credentials },
 * )
 */
export const sigv4a: Algorithm = /* @__PURE__ */ ecdsa(p256)

/**
 * {@link sigv4a} with a curve that is passed in, for where the platform has none; synchronous.
 *
 * @example
 * import { p256 } from '@noble/curves/nist.js'
 * const options = { service: 's3', regionSet: '*', algorithm: sigv4aWith(p256), credentials }
 */
export const sigv4aWith = (curve: Curve): Algorithm => ecdsa(p256Of(curve))

/** A key pair of SigV4a: who has the public key can verify, and not sign. */
export interface SigningKeyPair {
  /** The scalar: 32 bytes, big-endian. */
  readonly privateKey: Uint8Array
  /** The point, uncompressed: 4, x, y, 65 bytes. */
  readonly publicKey: Uint8Array
}

/**
 * The key pair of an access key: the same for all days, regions and services. Those who watch
 * `countersign:sign` are told of it, with no scope, as it has none.
 *
 * @throws CountersignError `crypto-unavailable` where the platform does not tell the public point:
 * pass `curve`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 * @example
 * const { publicKey } = await deriveSigningKeyPair({ accessKeyId, secretAccessKey })
 */
export async function deriveSigningKeyPair(
  credentials: Credentials,
  options: {
    /** P-256, where the platform does not tell the public point. Default: the platform's. */
    curve?: Curve | undefined
    /** The hash that derives the scalar. Default: the platform's, `node:crypto` or `crypto.subtle`. */
    crypto?: CryptoBackend | undefined
  } = {},
): Promise<SigningKeyPair> {
  const { curve, crypto = backend } = options
  const privateKey = await deriveScalar(credentials, crypto)
  const key = await (curve ? p256Of(curve) : p256)(privateKey)
  const publicKey = await key.publicKey()
  backend.watch?.('sign')?.({ accessKeyId: credentials.accessKeyId, credentialScope: '', host: '' })
  return { privateKey, publicKey }
}
