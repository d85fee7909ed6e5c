import { type AwsErrorOptions, type AwsProtocol, awsError, type Refused } from 'countersign'
import { describe, expect, it } from 'vitest'
import { leastSizeOf } from '../../src/verify/least-size.ts'

const refused = (reason: string, more: object = {}) =>
  ({ ok: false, reason, message: 'No & no.', status: 403, ...more }) as Refused
const unsigned = refused('unsigned-headers', { about: { header: 'x-amz-a' } })
const otherRegion = refused('scope-mismatch', {
  ...{ about: { part: 'region' }, expected: { region: ['eu-west-1', 'eu-west-2'] } },
})
const trace = {
  ...{ canonicalRequest: 'GET\n/', stringToSign: 'A\nB', credentialScope: 'c' },
  ...{ signedHeaders: ['host'], signature: 'f' },
}
const wrong = refused('signature-mismatch', {
  ...{ trace, presented: { accessKeyId: 'AKID', signature: 'f00' } },
})

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
const ID = { requestId: 'R1' }
const IDS = '<RequestId>R1</RequestId><HostId>R1</HostId>'
const UNSIGNED = '<Refusal><Reason>unsigned-headers</Reason><Header>x-amz-a</Header></Refusal>'

describe('an answer', () => {
  it.each<[string, Refused, AwsProtocol, AwsErrorOptions, object, string]>([
    [
      'of S3',
      unsigned,
      's3',
      { ...ID, resource: '/b/k' },
      {
        ...{ 'content-type': 'application/xml', 'x-amz-request-id': 'R1', 'x-amz-id-2': 'R1' },
      },
      `${XML}<Error><Code>AccessDenied</Code><Message>No &amp; no.</Message><HeadersNotSigned>x-amz-a</HeadersNotSigned><Resource>/b/k</Resource>${IDS}${UNSIGNED}</Error>`,
    ],
    [
      'of S3, of an empty resource',
      refused('replayed'),
      's3',
      { ...ID, resource: '' },
      {
        ...{ 'content-type': 'application/xml', 'x-amz-request-id': 'R1', 'x-amz-id-2': 'R1' },
      },
      `${XML}<Error><Code>AccessDenied</Code><Message>No &amp; no.</Message><Resource></Resource>${IDS}<Refusal><Reason>replayed</Reason></Refusal></Error>`,
    ],
    [
      'of S3, of another region',
      otherRegion,
      's3',
      ID,
      {
        ...{ 'content-type': 'application/xml', 'x-amz-bucket-region': 'eu-west-1' },
        ...{ 'x-amz-request-id': 'R1', 'x-amz-id-2': 'R1' },
      },
      `${XML}<Error><Code>AuthorizationHeaderMalformed</Code><Message>No &amp; no.</Message><Region>eu-west-1</Region>${IDS}<Refusal><Reason>scope-mismatch</Reason><Part>region</Part></Refusal></Error>`,
    ],
    [
      'in JSON',
      unsigned,
      'json',
      ID,
      {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'InvalidSignatureException',
        'x-amzn-requestid': 'R1',
      },
      '{"__type":"InvalidSignatureException","message":"No & no.","refusal":{"reason":"unsigned-headers","header":"x-amz-a"}}',
    ],
    [
      'in JSON, without an id',
      refused('replayed'),
      'json',
      {},
      {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'AccessDeniedException',
      },
      '{"__type":"AccessDeniedException","message":"No & no.","refusal":{"reason":"replayed"}}',
    ],
    [
      'of the query protocol',
      unsigned,
      'query',
      ID,
      { 'content-type': 'text/xml', 'x-amzn-requestid': 'R1' },
      `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>No &amp; no.</Message>${UNSIGNED}</Error><RequestId>R1</RequestId></ErrorResponse>`,
    ],
    [
      'of the query protocol, without an id',
      refused('replayed'),
      'query',
      {},
      { 'content-type': 'text/xml' },
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>No &amp; no.</Message><Refusal><Reason>replayed</Reason></Refusal></Error></ErrorResponse>',
    ],
  ])('%s', (_, refusal, protocol, options, headers, body) =>
    expect(awsError(refusal, protocol, options)).toEqual({ status: 403, headers, body }),
  )

  it('names the region that is given before the one that is expected', () => {
    const { headers, body } = awsError(otherRegion, 's3', { region: 'us-east-1' })
    expect(headers['x-amz-bucket-region']).toBe('us-east-1')
    expect(body).toContain('<Region>us-east-1</Region>')
  })

  it('of S3 has an id of its own where none is given, in upper-case hex', () => {
    const idsOf = () => {
      const { headers, body } = awsError(unsigned, 's3')
      expect(headers).toEqual({ 'content-type': 'application/xml' })
      return /<RequestId>([\dA-F]{16})<\/RequestId><HostId>([\dA-F]{32})<\/HostId>/
        .exec(body)
        ?.slice(1)
    }
    const all = Array.from({ length: 20 }, idsOf)
    expect(new Set(all.flat()).size).toBe(40)
    // All digits come, and no other.
    expect(new Set(all.flat().join('')).size).toBe(16)
  })

  it('of a wrong signature has no refusal for programs, and what was signed', () => {
    for (const protocol of ['s3', 'json', 'query'] as const) {
      const { body } = awsError(wrong, protocol)
      expect(body).not.toMatch(/refusal/i)
      expect(body).toContain('/')
      expect(body).toMatch(/String-?To-?Sign/i)
      const coarse = awsError(wrong, protocol, 'coarse').body
      expect(coarse).not.toMatch(/String-?To-?Sign|AKID|f00/i)
      expect(awsError(wrong, protocol, { disclosure: 'coarse', ...ID }).body).toBe(
        coarse
          .replace(/(RequestId>|HostId>)[\dA-F]+/g, '$1R1')
          .replace(
            protocol === 'query' ? '</ErrorResponse>' : /$^/,
            '<RequestId>R1</RequestId></ErrorResponse>',
          ),
      )
    }
  })

  const ofRequest = (canonicalRequest: string) => {
    const stringToSign = `AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/s3/aws4_request\n${'0'.repeat(64)}`
    const told = { ...trace, canonicalRequest, stringToSign }
    const presented = { accessKeyId: 'AKID', signature: 'f00' }
    const refusal = refused('signature-mismatch', { trace: told, presented })
    return { refusal, most: 20 * leastSizeOf(told, presented) + 2048 }
  }

  // What is long in an answer, and was short in the request.
  it.each(['%25C3%25BC', '%25C3%25BC&', '%25C3%25BC%25C3%25BC<'])(
    'shows a canonical request of %j as long as it is no lever, and no longer',
    (unit) => {
      const of = (count: number) => {
        const { refusal, most } = ofRequest(`GET\n/\n\nhost:${unit.repeat(count)}\n\nhost\nx`)
        const { body } = awsError(refusal, 's3', ID)
        return { most, size: body.length, isShown: body.includes('<CanonicalRequest>') }
      }
      let [count, beyond] = [1, 800]
      while (beyond - count > 1) {
        const middle = (count + beyond) >> 1
        if (of(middle).isShown) count = middle
        else beyond = middle
      }
      const { size, most } = of(count)
      expect(size).toBeLessThanOrEqual(most)
      // Each escape is counted as the longest that there is.
      expect(size).toBeGreaterThan(most - 120 - 2 * count)
      for (const more of [1, 2, 100]) {
        expect(of(count + more).isShown).toBe(false)
        expect(of(count + more).size).toBeLessThan(most)
      }
      // The other protocols have it once, which is no lever.
      const { refusal } = ofRequest(`GET\n/\n\nhost:${unit.repeat(count + 1)}\n\nhost\nx`)
      for (const protocol of ['json', 'query'] as const)
        expect(awsError(refusal, protocol).body).toContain('The Canonical String')
    },
  )

  it.each([
    ['s3', 8192],
    ['json', 32768],
    ['query', 32768],
  ] as const)(
    'in %s shows a canonical request of %i characters, and no longer one',
    (protocol, most) => {
      const isShown = (length: number) => {
        const path = 'a'.repeat(length - 'GET\n/\n\n\n\nhost\nx'.length)
        const { refusal } = ofRequest(`GET\n/${path}\n\n\n\nhost\nx`)
        return awsError(refusal, protocol).body.includes('aaaaaaaa')
      }
      expect([isShown(most), isShown(most + 1)]).toEqual([true, false])
    },
  )

  it.each<[string, unknown]>([
    ['S3', {}],
    ['xml', {}],
    [undefined as never, {}],
    ['s3', { disclosure: 'none' }],
    ['s3', 'none'],
  ])('of no such protocol or disclosure: %j, %j', (protocol, options) =>
    expect(() => awsError(unsigned, protocol as AwsProtocol, options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    ),
  )
})
