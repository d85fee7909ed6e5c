import { presign, type SignedRequest, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { type S3Example, s3Examples } from './vectors.ts'

const { credentials, region, service, cases } = s3Examples

const options = {
  credentials,
  region,
  service,
  signingDate: new Date('2013-05-24T00:00:00Z'),
}

function signExample(example: S3Example): Promise<SignedRequest> {
  const { method, url, headers, body = null } = example
  if (example.presign)
    return presign({ method, url, headers }, { ...options, expiresIn: example.presign.expires })
  const { 'x-amz-content-sha256': hash = '', 'x-amz-date': _, ...given } = headers
  if (!hash.startsWith('STREAMING')) return sign({ method, url, headers: given, body }, options)
  // The first chunked example signs its length, which is left out by default.
  return sign(
    { method, url, headers: given },
    { ...options, payload: hash, signableHeaders: ['content-length'] },
  )
}

const NAMES = [
  'get-object',
  'put-object',
  'get-bucket-lifecycle',
  'list-objects',
  'presigned-get',
  'chunked-put-seed',
  'chunked-put-trailer-seed',
]

describe.each(NAMES)("S3's documented example %s", async (name) => {
  const example = cases.find((found) => found.name === name) as S3Example
  const signed = await signExample(example)

  it('has the published canonical request', () => {
    expect(signed.trace.canonicalRequest).toBe(example.canonicalRequest)
  })

  it('has the published string to sign', () => {
    expect(signed.trace.stringToSign).toBe(example.stringToSign)
  })

  it('has the published signature', () => {
    expect(signed.signature).toBe(example.signature)
    expect(signed.trace.signature).toBe(example.signature)
  })

  it(`carries the signature in the ${example.presign ? 'query' : 'header'}`, () => {
    const signedHeaders = signed.trace.signedHeaders.join(';')
    const credential = `${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request`
    if (example.presign)
      expect(Object.fromEntries(new URL(signed.url).searchParams)).toEqual({
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': credential,
        'X-Amz-Date': '20130524T000000Z',
        'X-Amz-Expires': '86400',
        'X-Amz-SignedHeaders': signedHeaders,
        'X-Amz-Signature': example.signature,
      })
    else
      expect(signed.headers).toEqual({
        ...example.headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${example.signature}`,
      })
  })
})
