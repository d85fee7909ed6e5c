import { createServer, type Server } from 'node:http'
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  type AwsErrorOptions,
  awsError,
  type BodyFaultCode,
  CountersignError,
  type ReceivedRequest,
  type Refused,
  type VerifyOptions,
  verify,
} from 'countersign'
import { isBodyFault } from 'countersign/s3'
import { presign, sign } from 'countersign/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, shut } from '../support/loopback.ts'
import { arriving, credentials, now, signing } from './common.ts'

const s3 = { ...signing, service: 's3', region: 'us-east-1' } as const
const url = 'https://bucket.example.com/a%20key'
const rules: VerifyOptions = {
  service: 's3',
  region: 'us-east-1',
  now,
  credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
}
const inHeader = arriving(sign({ url, method: 'PUT', body: 'a' }, s3))
const inQuery = arriving(presign({ url }, s3))

type Change = (text: string) => string
const field = (name: string, change: Change, request = inHeader): ReceivedRequest => {
  const headers = request.headers as Record<string, string>
  return { ...request, headers: { ...headers, [name]: change(headers[name] ?? '') } }
}
const auth = (change: Change) => field('authorization', change)
const target = (change: Change): ReceivedRequest => ({ ...inQuery, url: change(inQuery.url) })
const parameter = (name: string, value: string) =>
  target((text) => text.replace(new RegExp(`(${name}=)[^&]*`), `$1${value}`))
const without = (name: string) => target((text) => text.replace(new RegExp(`&?${name}=[^&]*`), ''))
const asked = (text: string): ReceivedRequest => ({ method: 'GET', url: text })
const elsewhere = { ...s3, region: 'eu-west-1' }

const refusedOf = async (
  request: ReceivedRequest,
  more: Partial<VerifyOptions> = {},
): Promise<Refused> => {
  const result = await verify(request, { ...rules, ...more })
  if (result.ok) throw new Error('accepted')
  return result
}
const element = (body: string, name: string) =>
  new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(body)?.[1]
const answerTo = async (request: ReceivedRequest, options: AwsErrorOptions = {}) =>
  awsError(await refusedOf(request), 's3', options)

type Row = readonly [ReceivedRequest, status: number, code: string, message?: RegExp]
const QUERY = 'AuthorizationQueryParametersError'
const HEADER = 'AuthorizationHeaderMalformed'
const DATE = /^AWS authentication requires a valid Date or x-amz-date header$/

/** What S3 says of each, by its code and the words that its clients and their people look for. */
const SAID: Readonly<Record<string, Row>> = {
  'no authentication': [asked('/a'), 403, 'AccessDenied'],
  'an empty Authorization': [auth(() => ''), 403, 'AccessDenied'],
  'an Authorization of no known type': [auth(() => 'Bearer a'), 400, 'InvalidArgument'],
  'an Authorization of one word': [auth(() => 'invalid_header'), 400, 'InvalidArgument'],
  'an Authorization without its parts': [auth(() => 'AWS4-HMAC-SHA256 a'), 400, HEADER],
  'another terminator': [auth((text) => text.replace('aws4_', 'aws5_')), 400, HEADER],
  'an empty date': [field('x-amz-date', () => ''), 403, 'AccessDenied', DATE],
  'a date of a day': [field('x-amz-date', () => '20150830'), 403, 'AccessDenied', DATE],
  'a short signature': [auth((text) => text.slice(0, -1)), 403, 'SignatureDoesNotMatch'],
  'no hash of the body': [
    field('x-amz-content-sha256', () => 'a'.repeat(32)),
    400,
    'InvalidArgument',
    /must be UNSIGNED-PAYLOAD, .* or a valid sha256 value/,
  ],
  'another body': [{ ...inHeader, body: 'b' }, 400, 'XAmzContentSHA256Mismatch'],
  'both at once': [{ ...inHeader, url: inQuery.url }, 400, 'InvalidArgument'],
  'a target that cannot be read': [{ ...inHeader, url: '/a#b' }, 400, 'InvalidURI'],
  'the region in a header': [
    arriving(sign({ url }, elsewhere)),
    400,
    HEADER,
    /region 'eu-west-1' is wrong; expecting 'us-east-1'/,
  ],
  'the region in a query': [
    arriving(presign({ url }, elsewhere)),
    400,
    QUERY,
    /^Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'/,
  ],
  'the service in a query': [
    arriving(presign({ url }, { ...s3, service: 'sqs' })),
    400,
    QUERY,
    /the X-Amz-Credential parameter; the service 'sqs' is wrong; expecting 's3'/,
  ],
  'the day in a query': [
    parameter('X-Amz-Date', '20150831T123600Z'),
    400,
    QUERY,
    /the X-Amz-Credential parameter; the date '20150830' is wrong; expecting '20150831'/,
  ],
  'a date that is none in a query': [parameter('X-Amz-Date', '2015'), 400, QUERY, /X-Amz-Date/],
  'another algorithm in a query': [
    parameter('X-Amz-Algorithm', 'AWS4-HMAC-SHA1'),
    400,
    QUERY,
    /X-Amz-Algorithm parameter; This server only supports AWS4-HMAC-SHA256/,
  ],
  'names of headers in upper case': [
    parameter('X-Amz-SignedHeaders', 'Host'),
    400,
    QUERY,
    /X-Amz-SignedHeaders parameter/,
  ],
  'a signature in upper case in a query': [parameter('X-Amz-Signature', 'AB'), 400, QUERY],
  'a life of -3 seconds': [parameter('X-Amz-Expires', '-3'), 400, QUERY, /^X-Amz-Expires must/],
  'no life': [without('X-Amz-Expires'), 400, QUERY, /X-Amz-Expires/],
  'a life of eight days': [parameter('X-Amz-Expires', '691200'), 400, QUERY],
  ...Object.fromEntries(
    ['Algorithm', 'Credential', 'Date', 'SignedHeaders', 'Signature'].map((name) => [
      `no ${name} in a query`,
      [
        without(`X-Amz-${name}`),
        400,
        QUERY,
        new RegExp(`^Query-string authentication version 4 requires.*lacks X-Amz-${name}\\.$`),
      ] as Row,
    ]),
  ),
  // These keep the codes that they have in a header.
  'another signature in a query': [
    parameter('X-Amz-Signature', 'ab'),
    403,
    'SignatureDoesNotMatch',
  ],
  'an unknown key in a query': [
    target((text) => text.replace('AKIDEXAMPLE', 'AKIDOTHER')),
    403,
    'InvalidAccessKeyId',
  ],
  'a token that the key has not': [
    target((text) => `${text}&X-Amz-Security-Token=a`),
    400,
    'InvalidToken',
  ],
  'Version 2 in a query': [
    asked('/a?AWSAccessKeyId=AKIDEXAMPLE&Expires=1768474800&Signature=a%2Bb%3D'),
    400,
    'InvalidRequest',
    /not supported\. Please use AWS4-HMAC-SHA256\.$/,
  ],
  'Version 2 in a header': [
    auth(() => 'AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg='),
    400,
    'InvalidRequest',
    /not supported\. Please use AWS4-HMAC-SHA256\.$/,
  ],
}

describe('S3 answers', () => {
  it.each(Object.entries(SAID))('%s as it does', async (_, [request, status, code, message]) => {
    const answer = await answerTo(request)
    expect([answer.status, element(answer.body, 'Code')]).toEqual([status, code])
    const said = element(answer.body, 'Message')?.replace(/&#39;/g, "'") ?? ''
    expect(said).toMatch(message ?? /\w+ \w+/)
    expect(element(answer.body, 'RequestId')).toMatch(/^[\dA-F]{16}$/)
    expect(element(answer.body, 'HostId')).toMatch(/^[\dA-F]{32}$/)
  })

  it('a URL that has expired in the words of one', async () => {
    const refused = await refusedOf(inQuery, { now: new Date(Number(now) + 901_000) })
    const { body } = awsError(refused, 's3')
    expect([element(body, 'Code'), element(body, 'Message')]).toEqual([
      'AccessDenied',
      'Request has expired',
    ])
  })

  it('with the ids and the resource that it is given', async () => {
    const { headers, body } = await answerTo(inQuery && asked('/a'), {
      requestId: 'R<1>',
      resource: '/bucket/a&b',
    })
    expect(body).toContain(
      '<Resource>/bucket/a&amp;b</Resource><RequestId>R&lt;1&gt;</RequestId><HostId>',
    )
    expect(headers).toMatchObject({ 'x-amz-request-id': 'R<1>' })
    const refused = await refusedOf(asked('/a'))
    for (const protocol of ['json', 'query'] as const)
      expect(awsError(refused, protocol, { requestId: 'R1' }).headers).toMatchObject({
        'x-amzn-requestid': 'R1',
      })
  })
})

describe('the right region', () => {
  const wrong = arriving(sign({ url }, elsewhere))

  it.each([
    [{}, {}, 'us-east-1'],
    [{ region: ['us-east-1', 'us-east-2'] }, {}, 'us-east-1'],
    [{}, { region: 'ap-south-1' }, 'ap-south-1'],
    [{}, { disclosure: 'coarse' }, 'us-east-1'],
  ] as const)('of %j and %j is %s', async (verifying, answering, region) => {
    const { headers, body } = awsError(await refusedOf(wrong, verifying), 's3', answering)
    expect(element(body, 'Region')).toBe(region)
    expect(headers['x-amz-bucket-region']).toBe(region)
  })

  it('is told of no other refusal, nor of a key that is held for another region', async () => {
    const held = {
      accessKeyId: credentials.accessKeyId,
      signingKey: new Uint8Array(32),
      scope: { date: '20150830', region: 'eu-west-1', service: 's3' },
    }
    const ofKey = await refusedOf(inHeader, { credentials: () => held })
    expect(ofKey).toMatchObject({ reason: 'scope-mismatch', about: { part: 'region' } })
    for (const refused of [ofKey, await refusedOf(asked('/a'))])
      expect(awsError(refused, 's3', { region: 'us-east-1' }).body).not.toContain('Region>')
  })
})

describe('what was presented', () => {
  const other = { credentials: () => ({ ...credentials, secretAccessKey: 'another' }) }

  it.each([
    ['a header', inHeader],
    ['a query', inQuery],
  ])('in %s is answered, and stands in no log', async (_, request) => {
    const refused = await refusedOf(request, other)
    const { accessKeyId = '', signature = '' } = refused.presented ?? {}
    expect(`${request.url} ${JSON.stringify(request.headers)}`).toContain(`Signature=${signature}`)
    expect([accessKeyId, signature.length]).toEqual([credentials.accessKeyId, 64])
    expect(JSON.stringify(refused)).not.toMatch(/presented|placement|expected/)
    expect(Object.keys(refused)).not.toContain('presented')
    const { body } = awsError(refused, 's3')
    expect([element(body, 'AWSAccessKeyId'), element(body, 'SignatureProvided')]).toEqual([
      accessKeyId,
      signature,
    ])
    for (const name of ['StringToSign', 'CanonicalRequest']) {
      const bytes = element(body, `${name}Bytes`)?.split(' ').join('') ?? ''
      expect(element(body, name)?.replace(/&amp;/g, '&')).toBe(Buffer.from(bytes, 'hex').toString())
    }
  })

  it('is not in a coarse answer, nor the id of an unknown key', async () => {
    const refusals = [
      await refusedOf(inHeader, other),
      await refusedOf(inHeader, { credentials: () => undefined }),
    ]
    for (const refused of refusals) {
      const { body } = awsError(refused, 's3', { disclosure: 'coarse' })
      expect(body).not.toMatch(/AKIDEXAMPLE|SignatureProvided|Canonical|StringToSign/)
    }
  })

  it('in length makes no answer larger than its bounds', async () => {
    const signature = 'a'.repeat(20_000)
    const refused = await refusedOf(auth((text) => text.replace(/(?<=Signature=).*/, signature)))
    expect(awsError(refused, 's3').body.length).toBeLessThan(20 * (signature.length + 300) + 2048)
  })
})

/** S3's answers to what can be wrong with a body. */
const OF_BODIES: Readonly<Record<BodyFaultCode, readonly [status: number, code: string]>> = {
  'body-limit': [400, 'EntityTooLarge'],
  'checksum-mismatch': [400, 'BadDigest'],
  'chunk-limit': [400, 'InvalidRequest'],
  'chunk-mismatch': [403, 'SignatureDoesNotMatch'],
  'invalid-checksum': [400, 'InvalidRequest'],
  'invalid-chunk': [400, 'IncompleteBody'],
  'length-mismatch': [400, 'IncompleteBody'],
  'missing-length': [411, 'MissingContentLength'],
  'payload-mismatch': [400, 'XAmzContentSHA256Mismatch'],
  'small-chunk': [400, 'InvalidChunkSizeError'],
  'trailer-mismatch': [400, 'MalformedTrailerError'],
  'unknown-checksum': [400, 'InvalidRequest'],
}

describe('the fault of a body', () => {
  const faultOf = (code: BodyFaultCode, more = {}) => {
    const error = Object.assign(new CountersignError(code, 'the body is none.'), more)
    if (!isBodyFault(error)) throw error
    return error
  }

  it.each(Object.entries(OF_BODIES))('%s is answered by %j', (code, [status, name]) => {
    for (const disclosure of ['aws', 'coarse'] as const) {
      const answer = awsError(faultOf(code as BodyFaultCode), 's3', { disclosure })
      expect([answer.status, element(answer.body, 'Code')]).toEqual([status, name])
      expect(element(answer.body, 'Message')).toMatch(/^T/)
      expect(element(answer.body, 'Reason')).toBe(code)
    }
    for (const protocol of ['json', 'query'] as const)
      expect(awsError(faultOf(code as BodyFaultCode), protocol)).toMatchObject({ status })
  })

  it('has the form of the other protocols too', () => {
    const fault = faultOf('checksum-mismatch')
    expect(awsError(fault, 'json').body).toBe(
      '{"__type":"BadDigest","message":"The body is none.","refusal":{"reason":"checksum-mismatch"}}',
    )
    expect(awsError(fault, 'query').body).toContain(
      '<Type>Sender</Type><Code>BadDigest</Code><Message>The body is none.</Message>',
    )
  })

  it('of a Content-MD5 that is none is an InvalidDigest', () => {
    const error = faultOf('invalid-checksum', { about: { header: 'content-md5' } })
    expect(element(awsError(error, 's3').body, 'Code')).toBe('InvalidDigest')
  })
})

describe('the AWS SDK', () => {
  let endpoint: string
  let request: ReceivedRequest = inHeader
  const server: Server = createServer(async (_, response) => {
    const { status, headers, body } = await answerTo(request)
    response.writeHead(status, headers).end(body)
  })
  beforeAll(async () => {
    endpoint = `http://127.0.0.1:${await listen(server)}`
  })
  afterAll(() => shut(server))
  const client = () =>
    new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })

  it('reads the region of an answer, and the ids', async () => {
    request = arriving(sign({ url }, elsewhere))
    await expect(
      client().send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    ).rejects.toMatchObject({
      name: HEADER,
      Region: 'us-east-1',
      RequestId: expect.stringMatching(/^[\dA-F]{16}$/),
    })
    await expect(
      client().send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })),
    ).rejects.toMatchObject({ $response: { headers: { 'x-amz-bucket-region': 'us-east-1' } } })
  })
})
