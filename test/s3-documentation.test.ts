import { presign, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { S3_REQUESTS, type S3Example, signExample } from './s3-example.ts'
import { s3Examples } from './vectors.ts'

const { credentials, cases } = s3Examples

describe.each(S3_REQUESTS)("S3's documented example %s", async (name) => {
  const example = cases.find((found) => found.name === name) as S3Example
  const signed = await signExample({ sign, presign }, s3Examples, example)

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
