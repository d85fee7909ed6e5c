/**
 * What IAM Roles Anywhere does with a request, by node:crypto alone: as AWS's credential helper signs it
 * (aws_signing_helper/signer.go of aws/rolesanywhere-credential-helper), and nothing of countersign's.
 */
import { createHash, verify, X509Certificate } from 'node:crypto'

/** A request as it came over the wire. */
export interface Wire {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string | Uint8Array
}

/** Why a request is not let in; undefined where it is. */
export function faultOf({ method, target, headers, body }: Wire): string | undefined {
  const [, name = '', credential = '', signedHeaders = '', signature = ''] =
    /^(\S+) Credential=(\S+), SignedHeaders=(\S+), Signature=([\da-f]+)$/.exec(
      `${headers.authorization}`,
    ) ?? []
  const certificate = new X509Certificate(Buffer.from(`${headers['x-amz-x509']}`, 'base64'))
  const { publicKey } = certificate
  const [serial, ...scope] = credential.split('/')
  if (serial !== BigInt(`0x${certificate.serialNumber}`).toString()) return 'serial number'
  if (name !== `AWS4-X509-${publicKey.asymmetricKeyType === 'rsa' ? 'RSA' : 'ECDSA'}-SHA256`)
    return 'algorithm'
  for (const must of ['host', 'x-amz-date', 'x-amz-x509'])
    if (!signedHeaders.split(';').includes(must)) return `${must} is not signed`
  const [path = '', query = ''] = target.split('?')
  const canonical = [
    ...[method, path, query.split('&').sort().join('&')],
    ...signedHeaders.split(';').map((header) => `${header}:${headers[header]}`),
    ...['', signedHeaders, createHash('sha256').update(body).digest('hex')],
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = [name, headers['x-amz-date'], scope.join('/'), digest].join('\n')
  // Of ECDSA, node:crypto takes DER where nothing else is said; of RSA, PKCS #1 v1.5.
  const holds = verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'hex'))
  return holds ? undefined : 'signature'
}
