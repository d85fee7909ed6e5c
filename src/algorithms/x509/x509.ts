import { stampOf } from '../../canonical/scope.ts'
import { base64 } from '../../lib/base64.ts'
import { once } from '../../lib/remembered.ts'
import { ensure, fail } from '../../model/errors.ts'
import type { Algorithm, ImportedCredentials } from '../../model/types.ts'
import { certificatesIn, readCertificate } from './certificate.ts'
import { type PrivateKey, readPrivateKey, type SignText, signingWith } from './private-key.ts'

/** A certificate and its key, which sign in place of an access key. */
export interface X509Options {
  /** PEM, as text or as a file's bytes, or DER. What follows it in the PEM is its chain, where no `chain` is given. */
  certificate: string | Uint8Array
  /**
   * PKCS #8, SEC 1 (`EC PRIVATE KEY`) or PKCS #1 (`RSA PRIVATE KEY`) in PEM or DER; a `KeyObject` of Node;
   * or a `CryptoKey` to sign, of ECDSA, or of RSASSA-PKCS1-v1_5 with SHA-256, that need not be extractable.
   */
  privateKey: PrivateKey
  /** The certificates between it and the trust anchor: PEM with all of them, or a list. Default: none. */
  chain?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
}

/** An algorithm that signs with a certificate's key, and whom it signs as. */
export interface X509Algorithm extends Algorithm {
  /** Who signs: pass them as `credentials` beside the algorithm. The id is the serial number, in decimal. */
  readonly credentials: ImportedCredentials
}

/** What stands in the place of a secret: there is none, and it signs with no other algorithm. */
const noSecret = (): ImportedCredentials['signingKey'] =>
  Object.defineProperty({ extractable: false } as ImportedCredentials['signingKey'], 'type', {
    get: () => fail('invalid-options', 'the algorithm of x509 beside its credentials'),
  })

const refuseToVerify = (): never =>
  fail('invalid-options', 'another algorithm to verify, as x509 is for signing alone')

/**
 * IAM Roles Anywhere's signature: that of a certificate's private key, of RSA or of ECDSA over P-256,
 * P-384 or P-521, in place of an access key's. Its first signature is checked by the certificate.
 *
 * Pass it as `algorithm` to `sign` or `createSigner`, and its `credentials` as `credentials`; the
 * certificate is sent in `x-amz-x509`, its chain in `x-amz-x509-chain`. AWS has one call that takes it,
 * CreateSession, which {@link rolesAnywhere} makes.
 *
 * It is for signing alone: `verify` refuses it as `invalid-options`. Whom a certificate stands for only
 * AWS can say, and a key that is read out of `x-amz-x509` would let in anyone who sends one.
 *
 * @throws CountersignError `invalid-credentials` where certificate, chain or key cannot be read;
 * `crypto-unavailable` without `crypto.subtle`, as on a page served over plain http; when it signs:
 * `invalid-credentials` where the key is not that of the certificate, `invalid-options` where its
 * credentials come without it, `not-synchronous` from `countersign/sync`
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 * @example
 * const algorithm = x509({ certificate, privateKey })
 * const { credentials } = algorithm
 * const options = { service: 'rolesanywhere', region: 'eu-west-1', algorithm, credentials }
 * const signed = await sign({ method: 'POST', url, body }, options)
 */
export function x509({ certificate, privateKey, chain }: X509Options): X509Algorithm {
  ensure(
    globalThis.crypto?.subtle,
    'crypto-unavailable',
    'it on a page of https, or in a runtime with crypto.subtle',
  )
  const [own, ...following] = certificatesIn(certificate, 'certificate') as [Uint8Array]
  const others = chain
    ? [chain].flat().flatMap((input) => certificatesIn(input, 'chain'))
    : following
  const read = readCertificate(own)
  const key = readPrivateKey(privateKey, read)
  const signing = once(() => signingWith(key, read))
  const accessKeyId = read.serialNumber
  const header = base64(own)
  const chainHeader = others.map(base64).join()

  return {
    name: read.keyAlgorithm.namedCurve ? 'AWS4-X509-ECDSA-SHA256' : 'AWS4-X509-RSA-SHA256',
    credentials: { accessKeyId, signingKey: noSecret() },

    stamp(date, { service, region = '' }, headers) {
      headers['x-amz-x509'] = header
      if (chainHeader) headers['x-amz-x509-chain'] = chainHeader
      return stampOf(date, { service, region })
    },

    deriveKey(credentials) {
      ensure(
        credentials.accessKeyId === accessKeyId,
        'invalid-credentials',
        'the credentials of the algorithm that signs',
      )
      return signing()
    },

    sign: (key, stringToSign) => (key as SignText)(stringToSign),

    refuse: refuseToVerify,
    verify: refuseToVerify,
  }
}
