import { type SignedRequest, type SignOptions, sign } from 'countersign'
import { type X509Options, x509 } from 'countersign/x509'
import { faultOf } from './judge.ts'

export const ARNS = {
  profileArn:
    'arn:aws:rolesanywhere:us-east-1:000000000000:profile/41c10bae-6783-40d4-ab20-65dc5d922e45',
  roleArn: 'arn:aws:iam::000000000000:role/ExampleS3WriteRole',
  trustAnchorArn:
    'arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/41c10bae-6783-40d4-ab20-65dc5d922e45',
}

export const HOST = 'rolesanywhere.us-east-1.amazonaws.com'
export const TARGET = `/sessions?${new URLSearchParams(ARNS)}`
export const BODY = '{"durationSeconds":900}'
export const signingDate: Date = new Date('2026-11-27T08:09:10Z')

/** A call of CreateSession. */
export const call = {
  method: 'POST',
  url: `https://${HOST}${TARGET}`,
  headers: { 'content-type': 'application/json' },
  body: BODY,
}

/** What signs with a certificate. */
export function signingWith(options: X509Options): SignOptions {
  const algorithm = x509(options)
  const { credentials } = algorithm
  return { service: 'rolesanywhere', region: 'us-east-1', algorithm, credentials, signingDate }
}

export const signCall = (options: X509Options): Promise<SignedRequest> =>
  sign(call, signingWith(options))

/** Why AWS would not let a signed request in. */
export const faultOfSigned = ({ method, url, headers }: SignedRequest): string | undefined =>
  faultOf({
    ...{ method, target: url.slice(url.indexOf('/sessions')), body: BODY },
    headers: { ...headers, host: HOST },
  })
