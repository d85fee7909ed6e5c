import { createHash, createPrivateKey, sign as signByNode } from 'node:crypto'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { SignatureV4a } from '@smithy/signature-v4a'
import type { SigningRequest } from 'countersign'
import { sigv4a } from 'countersign/sigv4a'
import { suitePoints } from '../sigv4a/keys.ts'
import { s3Examples, suiteV4 } from '../vectors.ts'
import { base64Of, ec, rsa } from '../x509/certificates.ts'
import { url as sessions } from './suite/certificates.ts'
import { credentials, scope, signingDate, url } from './suite/common.ts'
import { eventSigning, payloads, seed } from './suite/events.ts'
import type { Facts } from './suite/task.ts'
import { encode, MODES } from './suite/uploads.ts'

const request = { method: 'PUT', url, body: 'ü😀 text' }
const s3 = { ...scope, credentials, sha256: Sha256, uriEscapePath: false }

const theirRequest = ({ method = 'GET', url, body }: SigningRequest) => {
  const { hostname, pathname } = new URL(String(url))
  return new HttpRequest({ method, hostname, path: pathname, headers: { host: hostname }, body })
}

async function eventSignatures(): Promise<string[]> {
  const signer = new SignatureV4({ ...eventSigning, sha256: Sha256 })
  const headers = { ':date': { type: 'timestamp' as const, value: signingDate } }
  const signatures: string[] = []
  for (const body of payloads) {
    const priorSignature = signatures.at(-1) ?? seed
    const event = { message: { headers, body }, priorSignature }
    signatures.push((await signer.sign(event, { signingDate })).signature)
  }
  return signatures
}

/** What a call of Roles Anywhere is signed over and by, written out. */
function certified(): Facts['certified'] {
  const { host, pathname } = new URL(sessions)
  const names = 'host;x-amz-date;x-amz-x509'
  const [date, hash] = ['20150830T123600Z', (text: string) => createHash('sha256').update(text)]
  const headers = [`host:${host}`, `x-amz-date:${date}`, `x-amz-x509:${base64Of(rsa.certificate)}`]
  const canonical = ['GET', pathname, '', ...headers, '', names, hash('').digest('hex')].join('\n')
  const digest = hash(canonical).digest('hex')
  const keyScope = '20150830/eu-west-1/rolesanywhere/aws4_request'
  const stringToSign = ['AWS4-X509-RSA-SHA256', date, keyScope, digest].join('\n')
  const key = createPrivateKey(rsa.privateKey)
  return {
    ...{ ec, rsa, stringToSign },
    pkcs8: key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    signature: signByNode('sha256', Buffer.from(stringToSign), key).toString('hex'),
  }
}

/** What every place is measured by. */
export async function computeFacts(): Promise<Facts> {
  const signer = new SignatureV4(s3)
  const signed = await signer.sign(theirRequest(request), { signingDate })
  const api = { method: 'GET', url: 'https://abc.execute-api.eu-west-1.amazonaws.com/items' }
  const presigner = new SignatureV4({ ...s3, service: 'execute-api' })
  const presigned = await presigner.presign(theirRequest(api), { signingDate, expiresIn: 60 })
  const asymmetric = new SignatureV4a({ ...s3, region: 'eu-*' })
  const byCurve = await asymmetric.sign(theirRequest(request), { signingDate })
  const uploads = Object.keys(MODES).map(
    async (word) => [word, await encode(word, sigv4a)] as const,
  )
  return {
    suiteV4,
    s3: s3Examples,
    signed: { request, signature: signed.headers.authorization?.split('Signature=')[1] ?? '' },
    presigned: { request: api, signature: String(presigned.query?.['X-Amz-Signature']) },
    events: await eventSignatures(),
    signedAsymmetrically: { ...request, headers: byCurve.headers },
    certified: certified(),
    publicKey: suitePoints[0]?.[1] ?? '',
    uploads: Object.fromEntries(await Promise.all(uploads)),
  }
}
