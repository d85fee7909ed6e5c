import { sign } from 'countersign'
import { rolesAnywhere, x509 } from 'countersign/x509'
import { refused, runChecks, same } from './check.ts'
import { signingDate } from './common.ts'
import { lacksCrypto, type Suite, type Task } from './task.ts'

/** The call that is signed. */
export const url = 'https://rolesanywhere.eu-west-1.amazonaws.com/sessions'

const signedBy = (options: Parameters<typeof x509>[0]) => {
  const algorithm = x509(options)
  const { credentials } = algorithm
  const scope = { service: 'rolesanywhere', region: 'eu-west-1' }
  return sign({ url }, { ...scope, algorithm, credentials, signingDate })
}

const run = ({ facts: { certified } }: Task) => {
  const { ec, rsa, pkcs8, stringToSign, signature } = certified
  const bytes = Uint8Array.from(atob(pkcs8), (character) => character.charCodeAt(0))
  // There is one signature of RSA alone, and so it is that of node:crypto.
  const isTheirs = async (options: Parameters<typeof x509>[0]) => {
    const signed = await signedBy(options)
    same(signed.trace.stringToSign, stringToSign)
    same(signed.signature, signature)
  }
  return runChecks({
    'RSA, of PKCS #1 in PEM': () => isTheirs(rsa),
    'RSA, of PKCS #8 in DER': () => isTheirs({ ...rsa, privateKey: bytes }),
    'RSA, of a key that cannot be extracted': async () => {
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      const { subtle } = globalThis.crypto
      const privateKey = await subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
      await isTheirs({ ...rsa, privateKey })
    },
    // Each is verified by the certificate before it is given.
    'ECDSA, of SEC 1 in PEM': async () => {
      const signed = await signedBy(ec)
      same(/^30[\da-f]{130,150}$/.test(signed.signature), true)
    },
    'a key of another certificate is refused': async () => {
      await refused('invalid-credentials', () => signedBy({ ...rsa, privateKey: ec.privateKey }))
    },
  })
}

const attempt = { certificate: '', privateKey: '' }
const arns = { trustAnchorArn: '', profileArn: '', roleArn: '' }

/** A certificate in place of a key. */
export const certificates: readonly Suite[] = [
  {
    ...{ entry: 'countersign/x509', name: 'certificates', lacks: lacksCrypto, run },
    attempts: {
      x509: () => x509(attempt),
      rolesAnywhere: () => rolesAnywhere({ ...attempt, ...arns, region: 'eu-west-1' }),
    },
  },
]
