import { hex } from '../../lib/hex.ts'
import { ensure, fail } from '../../model/errors.ts'
import { elementsIn, readElement } from '../der.ts'
import { readPem } from './pem.ts'

/** How a key signs, in the words of WebCrypto. */
export interface KeyAlgorithm {
  readonly name: 'ECDSA' | 'RSASSA-PKCS1-v1_5'
  readonly hash: 'SHA-256'
  readonly namedCurve?: string
}

/** What a certificate says, as far as it is needed to sign in its name. */
export interface Certificate {
  readonly der: Uint8Array
  /** In decimal. */
  readonly serialNumber: string
  readonly keyAlgorithm: KeyAlgorithm
  /** AlgorithmIdentifier of the key, in hex. */
  readonly identifier: string
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
}

const ecdsa = (namedCurve: string): KeyAlgorithm => ({
  name: 'ECDSA',
  hash: 'SHA-256',
  namedCurve,
})

/**
 * The keys that Roles Anywhere and WebCrypto know, by their AlgorithmIdentifier.
 * @see https://www.rfc-editor.org/rfc/rfc3279#section-2.3
 * @see https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1
 */
const keyAlgorithmOf = (identifier: string): KeyAlgorithm | undefined => {
  switch (identifier) {
    case '300d06092a864886f70d0101010500':
      return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    case '301306072a8648ce3d020106082a8648ce3d030107':
      return ecdsa('P-256')
    case '301006072a8648ce3d020106052b81040022':
      return ecdsa('P-384')
    case '301006072a8648ce3d020106052b81040023':
      return ecdsa('P-521')
  }
  return undefined
}

// Twenty bytes are the most by RFC 5280; a number without end takes its square to write in decimal.
const LONGEST_SERIAL = 64

const unreadable = (name: string): never =>
  fail('invalid-credentials', `${name} as X.509, in PEM or DER`)

/** The certificates of a PEM text, or the one of DER bytes. */
export function certificatesIn(input: string | Uint8Array, name: string): Uint8Array[] {
  const found = readPem(input).filter(({ label }) => /^(CERTIFICATE)?$/.test(label))
  if (found.length === 0) unreadable(name)
  return found.map(({ der = unreadable(name) }) => {
    const { tag, end } = readElement(der, 0) ?? unreadable(name)
    return tag === 0x30 && end === der.length ? der : unreadable(name)
  })
}

/**
 * Reads the serial number and the public key of a certificate; all else is for AWS to judge.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(der: Uint8Array): Certificate {
  const [signed] = elementsIn(der, readElement(der, 0))
  const fields = elementsIn(der, signed)
  // A version stands before the serial number, but in a certificate of version 1.
  const [serial, , , , , publicKey] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields
  const [identifier] = elementsIn(der, publicKey)
  if (serial?.tag !== 2 || !publicKey || !identifier) return unreadable('certificate')
  const length = serial.end - serial.content
  if (!length || length > LONGEST_SERIAL) return unreadable('certificate')
  const number = BigInt(`0x${hex(der.subarray(serial.content, serial.end))}`)
  const name = hex(der.subarray(identifier.start, identifier.end))
  return {
    der,
    // A first bit of 1 says that it is negative, which it should not be, and is in the wild.
    serialNumber: `${BigInt.asIntN(8 * length, number)}`,
    keyAlgorithm: ensure(
      keyAlgorithmOf(name),
      'invalid-credentials',
      'a certificate whose key is of RSA, P-256, P-384 or P-521',
    ),
    identifier: name,
    publicKey: der.subarray(publicKey.start, publicKey.end),
  }
}
