import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { formatElement } from '../../src/algorithms/der.ts'

/** Keys and certificates that OpenSSL made, for 100 years: of a test trust anchor that is not kept. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8')

export const ec = { certificate: fixture('ec-cert'), privateKey: fixture('ec-key') }
export const rsa = { certificate: fixture('rsa-cert'), privateKey: fixture('rsa-key') }
export const intermediate: string = fixture('intermediate')

/** The serial numbers in decimal, as OpenSSL and Python say. */
export const EC_SERIAL = '728649219758977451007717630766108705621737063123'
export const RSA_SERIAL = '65282'

/** The base64 of a PEM text's first block, on one line. */
export const base64Of = (pem: string): string => new X509Certificate(pem).raw.toString('base64')

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const sequence = (...parts: readonly string[]): string => formatElement('30', parts.join(''))

/** A certificate that signs itself, with a serial number in the digits of its INTEGER. */
export function makeCertificate(
  serialDigits: string,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
  version: 'v1' | 'v3' = 'v3',
): Buffer {
  const isRsa = publicKey.asymmetricKeyType === 'rsa'
  // sha256WithRSAEncryption, ecdsa-with-SHA256
  const by = sequence(isRsa ? '06092a864886f70d01010b0500' : '06082a8648ce3d040302')
  const time = (text: string) => formatElement('17', hexOf(Buffer.from(text)))
  const commonName = sequence('0603550403', formatElement('0c', hexOf(Buffer.from('test'))))
  const name = sequence(formatElement('31', commonName))
  const signed = sequence(
    version === 'v3' ? 'a003020102' : '',
    formatElement('02', serialDigits),
    by,
    name,
    sequence(time('250101000000Z'), time('491231235959Z')),
    name,
    hexOf(publicKey.export({ format: 'der', type: 'spki' })),
  )
  const signature = sign('sha256', Buffer.from(signed, 'hex'), privateKey)
  return Buffer.from(sequence(signed, by, formatElement('03', `00${hexOf(signature)}`)), 'hex')
}

/** A key pair of a kind that Roles Anywhere knows. */
export function makeKeys(kind: string): { privateKey: KeyObject; publicKey: KeyObject } {
  return kind.startsWith('RSA')
    ? generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
    : generateKeyPairSync('ec', { namedCurve: kind })
}

export const KINDS = ['RSA-1024', 'RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521']
