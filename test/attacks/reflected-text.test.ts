import { verify } from 'countersign'
import { sigv4a } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'

const SCRIPT = '<script>alert(1)</script>'
const now = new Date('2015-08-30T12:36:00Z')
const options = { service: 's3', region: 'us-east-1', now, credentials: () => undefined }
const SIGNATURE = '0'.repeat(64)

const request = (
  credential: string,
  more: Record<string, string> = {},
  signedHeaders = 'host',
) => ({
  method: 'GET',
  url: '/a',
  headers: {
    host: 'example.com',
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${SIGNATURE}`,
    ...more,
  },
})

const REQUESTS = {
  'a region': request(`AKID/20150830/${SCRIPT.replaceAll('/', '')}/s3/aws4_request`),
  'a service': request(`AKID/20150830/us-east-1/${SCRIPT.replaceAll('/', '')}/aws4_request`),
  'a day': request('AKID/20150829/us-east-1/s3/aws4_request'),
  'the name of a header': request('AKID/20150830/us-east-1/s3/aws4_request', {
    [SCRIPT]: 'a',
  }),
  'the name of a signed header': request(
    'AKID/20150830/us-east-1/s3/aws4_request',
    {},
    "host;x-amz-'&`",
  ),
  'the request target': {
    ...request('AKID/20150830/us-east-1/s3/aws4_request'),
    url: `#${SCRIPT}`,
  },
  'a set of regions': {
    ...request('AKID/20150830/s3/aws4_request', { 'x-amz-region-set': SCRIPT }),
    headers: {
      ...request('').headers,
      'x-amz-region-set': SCRIPT,
      authorization: `AWS4-ECDSA-P256-SHA256 Credential=AKID/20150830/s3/aws4_request, SignedHeaders=host, Signature=30${'00'.repeat(40)}`,
    },
  },
}

describe('what a stranger wrote', () => {
  it.each(Object.entries(REQUESTS))('stands in no message: %s', async (name, received) => {
    const algorithm = name === 'a set of regions' ? { algorithm: sigv4a } : {}
    const result = await verify(received, { ...options, ...algorithm })
    expect(result.ok).toBe(false)
    expect((result as { message: string }).message).not.toMatch(/[<>&`"]/)
  })
})
