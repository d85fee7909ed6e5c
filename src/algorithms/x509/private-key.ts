import type { CryptoKeyLike } from '../../crypto/backend.ts'
import { toBytes } from '../../lib/bytes.ts'
import { fromHex, hex } from '../../lib/hex.ts'
import { fail } from '../../model/errors.ts'
import { elementsIn, formatElement, readElement } from '../der.ts'
import { formatDer } from '../sigv4a/der.ts'
import type { Certificate } from './certificate.ts'
import { readPem } from './pem.ts'

/** A `KeyObject` of `node:crypto`, by the two members that are used of it. */
export interface KeyObjectLike {
  /** What kind of key it is: `private` for one that signs. */
  readonly type: string
  /** The key as PKCS #8, in DER. */
  export(options: {
    /** Bytes, not PEM or a JWK. */
    readonly format: 'der'
    /** The form that names its own algorithm. */
    readonly type: 'pkcs8'
  }): Uint8Array
}

/** A private key of RSA or of an elliptic curve, in whatever form it is at hand. */
export type PrivateKey = string | Uint8Array | CryptoKeyLike | KeyObjectLike

/** A key that is read: PKCS #8, or what only the platform can use. */
export type ReadKey = Uint8Array | CryptoKeyLike

/** Signs a text; hex, of ECDSA in DER. */
export type SignText = (text: string) => Promise<string>

const INTEGER = 0x02
const OCTET_STRING = 0x04
const SEQUENCE = 0x30

const decrypted = (): never =>
  fail('invalid-credentials', 'privateKey decrypted, as openssl pkey -in key.pem writes it')

const unreadable = (): never =>
  fail('invalid-credentials', 'privateKey as PKCS #8, SEC 1 or PKCS #1, in PEM or DER')

/** The first private key of a PEM text or of DER bytes. */
function derOf(input: string | Uint8Array): Uint8Array {
  const block = readPem(input).find(({ label }) => /^$|PRIVATE KEY$/.test(label))
  if (/ENCRYPTED/.test(`${block?.label}`) || block?.body.includes(',ENCRYPTED')) decrypted()
  return block?.der ?? unreadable()
}

/**
 * A key as PKCS #8. That of SEC 1 begins with a number and an OCTET STRING, that of PKCS #1 with two
 * numbers; both are put into what names their algorithm, which is that of the certificate. An
 * encrypted one begins with its cipher.
 * @see https://www.rfc-editor.org/rfc/rfc5958#section-2
 * @see https://www.rfc-editor.org/rfc/rfc5915#section-3
 * @see https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2
 */
function pkcs8Of(der: Uint8Array, identifier: string): Uint8Array {
  const [first, second] = elementsIn(der, readElement(der, 0))
  if (first?.tag === SEQUENCE && second?.tag === OCTET_STRING) return decrypted()
  if (first?.tag !== INTEGER) return unreadable()
  if (second?.tag === SEQUENCE) return der
  if (second?.tag !== INTEGER && second?.tag !== OCTET_STRING) return unreadable()
  return fromHex(formatElement('30', `020100${identifier}${formatElement('04', hex(der))}`))
}

/** Reads a private key, as far as it can be without the platform. */
export function readPrivateKey(input: PrivateKey, { identifier }: Certificate): ReadKey {
  if (typeof input === 'string' || ArrayBuffer.isView(input))
    return pkcs8Of(derOf(input), identifier)
  const { type, extractable } = (input ?? {}) as CryptoKeyLike
  if (type !== 'private') return unreadable()
  return extractable === undefined
    ? toBytes((input as KeyObjectLike).export({ format: 'der', type: 'pkcs8' }))
    : (input as CryptoKeyLike)
}

const isOther = (): never =>
  fail(
    'invalid-credentials',
    'the privateKey of this certificate, as a CryptoKey for RSASSA-PKCS1-v1_5 or ECDSA, SHA-256 and sign',
  )

const unusable = (error: unknown): never =>
  (error as Partial<Error> | null)?.name === 'NotSupportedError'
    ? fail('crypto-unavailable', 'a key of a curve that the platform has')
    : isOther()

/**
 * What signs with a key, by `crypto.subtle`. Its first signature is verified by the certificate: AWS
 * says of the key of another one no more than that access is denied.
 */
export async function signingWith(
  key: ReadKey,
  { keyAlgorithm, publicKey }: Certificate,
): Promise<SignText> {
  const { subtle } = globalThis.crypto
  const load = (format: 'pkcs8' | 'spki', der: Uint8Array, use: KeyUsage) =>
    subtle
      .importKey(format, der as Uint8Array<ArrayBuffer>, keyAlgorithm, false, [use])
      .catch(unusable)
  const verifying = await load('spki', publicKey, 'verify')
  const signing = ArrayBuffer.isView(key) ? await load('pkcs8', key, 'sign') : (key as CryptoKey)
  let proved = false

  return async (text) => {
    const bytes = new TextEncoder().encode(text)
    const signature = new Uint8Array(
      await subtle.sign(keyAlgorithm, signing, bytes).catch(unusable),
    )
    proved ||= await subtle.verify(keyAlgorithm, verifying, signature, bytes).catch(unusable)
    if (!proved) isOther()
    return keyAlgorithm.namedCurve ? formatDer(signature) : hex(signature)
  }
}
