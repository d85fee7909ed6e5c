import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols'
import { createSigner } from 'countersign'
import { createPostPolicy } from 'countersign/s3'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const region = 'eu-west-1'

let server: VerifyingServer
beforeEach(async () => {
  server = await createVerifyingServer()
})
afterEach(() => server.close())

const ask = async (service: string, path: string, init: RequestInit = {}) => {
  const { credentials } = server
  const aws = createSigner({ service, region, credentials, retries: 0 })
  const answer = await aws.fetch(server.url + path, init)
  const body = await answer.text()
  const code = /<Code>(\w+)/.exec(body)?.[1] ?? answer.headers.get('x-amzn-errortype')
  return { status: answer.status, code, body, headers: answer.headers }
}
const post = (target: string, body: string): RequestInit => {
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' }
  return { method: 'POST', headers, body }
}

describe('a body that is no JSON of an object', () => {
  const BODIES = ['no JSON', 'null', '[]', '"text"', '1', '{"a":', `${'['.repeat(1e5)}`]
  const DEEP = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`

  it.each([
    ['dynamodb', 'DynamoDB_20120810.PutItem'],
    ['dynamodb', 'DynamoDB_20120810.Unknown'],
    ['sqs', 'AmazonSQS.ReceiveMessage'],
    ['kms', 'TrentService.Encrypt'],
    ['cognito-identity', 'AWSCognitoIdentityService.GetId'],
  ])('is refused in the protocol: %s, %s', async (service, target) => {
    for (const body of [...BODIES, DEEP])
      expect(await ask(service, '/', post(target, body))).toMatchObject({
        ...{ status: 400, code: 'SerializationException' },
      })
  })

  it('is one that Lambda cannot take', async () => {
    const init = { method: 'POST', body: 'no JSON' }
    for (const call of ['invocations', 'response-streaming-invocations'])
      expect(await ask('lambda', `/2015-03-31/functions/name/${call}`, init)).toMatchObject({
        ...{ status: 400, code: 'InvalidRequestContentException' },
      })
  })
})

describe('a parameter that is none', () => {
  it.each(['SendMessage', 'SendMessageBatch', 'GetQueueUrl'])('of SQS: %s', async (call) => {
    const value = { toString: 1 }
    const given = { MessageBody: value, QueueName: value, Entries: [{ MessageBody: value }] }
    for (const body of [given, { ...given, Entries: [null] }])
      expect(await ask('sqs', '/', post(`AmazonSQS.${call}`, JSON.stringify(body)))).toMatchObject({
        status: 400,
        code: 'ValidationException',
      })
  })

  it.each(['abc', '-1', '0', '1e300', '1.5'])('of STS: %s seconds', async (seconds) => {
    const body = new URLSearchParams({ Action: 'GetSessionToken', DurationSeconds: seconds })
    expect(await ask('sts', '/', { method: 'POST', body })).toMatchObject({
      ...{ status: 400, code: 'ValidationError' },
    })
  })
})

describe('a request of S3 that is malformed', () => {
  const source = (value: string, more: object = {}) => ({
    ...{ method: 'PUT', headers: { 'x-amz-copy-source': value, ...more } },
  })

  it.each<[string, string, RequestInit, number, string]>([
    ['no source', '/bucket/b', source(''), 400, 'InvalidArgument'],
    ['a source without a key', '/bucket/b', source('bucket'), 400, 'InvalidArgument'],
    ['a source of slashes', '/bucket/b', source('//'), 400, 'InvalidArgument'],
    ['a source that is not encoded', '/bucket/b', source('bucket/%zz%ff'), 404, 'NoSuchKey'],
    ['a source with a query alone', '/bucket/b', source('?versionId=1'), 400, 'InvalidArgument'],
    [
      'a range of a source',
      '/bucket/b?partNumber=1&uploadId=ID',
      source('bucket/key', { 'x-amz-copy-source-range': 'bytes' }),
      ...([400, 'InvalidArgument'] as const),
    ],
    ['keys', '/bucket?list-type=2&max-keys=abc', {}, 400, 'InvalidArgument'],
    ['parts', '/bucket/b?uploadId=ID&max-parts=-1', {}, 400, 'InvalidArgument'],
    ['a part', '/bucket/key?partNumber=1e1', {}, 400, 'InvalidArgument'],
    ['a part that is not there', '/bucket/key?partNumber=2', {}, 416, 'InvalidPartNumber'],
    ['part 0', '/bucket/key?partNumber=0', {}, 416, 'InvalidPartNumber'],
    [
      'a part and a range',
      '/bucket/key?partNumber=1',
      { headers: { range: 'bytes=0-1' } },
      ...([400, 'InvalidRequest'] as const),
    ],
    [
      'XML that is cut off',
      '/bucket?delete',
      { method: 'POST', body: '<Delete><Object><Key>key</Key></Object>' },
      ...([400, 'MalformedXML'] as const),
    ],
    [
      'a completion that is cut off',
      '/bucket/b?uploadId=ID',
      { method: 'POST', body: '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>' },
      ...([400, 'MalformedXML'] as const),
    ],
  ])('%s', async (_, path, init, status, code) => {
    await ask('s3', '/bucket/key', { method: 'PUT', body: 'text' })
    const { body } = await ask('s3', '/bucket/b?uploads', { method: 'POST' })
    const id = /<UploadId>([^<]+)/.exec(body)?.[1] ?? ''
    expect(await ask('s3', path.replace('ID', id), init)).toMatchObject({ status, code })
  })
})

describe('a header that HTTP cannot send', () => {
  it('is sent as far as it can be', async () => {
    const form = await createPostPolicy({
      ...{ bucket: 'bucket', region, credentials: server.credentials, key: 'key' },
      conditions: [['starts-with', '$x-amz-meta-a', '']],
      expiresIn: 60,
    })
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...form.fields, 'x-amz-meta-a': '€\u0001' }))
      data.set(name, value)
    data.set('file', new Blob(['text']))
    expect((await fetch(`${server.url}/bucket`, { method: 'POST', body: data })).status).toBe(204)
    const got = await ask('s3', '/bucket/key?response-content-type=text%2Fx%0A%E2%82%AC')
    expect(got.status).toBe(200)
    const utf8 = (name: string) => Buffer.from(got.headers.get(name) ?? '', 'latin1').toString()
    expect([utf8('x-amz-meta-a'), utf8('content-type')]).toEqual(['€ ', 'text/x €'])
    expect((await ask('s3', '/%E2%82%AC%0A', { method: 'PUT' })).status).toBe(200)
  })

  it('is none for what stands in XML: a character that is none', async () => {
    await ask('s3', '/bucket/key', { method: 'PUT', body: 'text' })
    const body = '<Delete><Object><Key>&#x110000;&#xd800;&#0;</Key></Object></Delete>'
    expect(await ask('s3', '/bucket?delete', { method: 'POST', body })).toMatchObject({
      ...{ status: 200, body: expect.stringContaining('<Deleted><Key>&amp;#x110000;\ufffd\ufffd') },
    })
  })

  it('is one’s own fault, in an answer of one’s own', async () => {
    await server.close()
    const headers = { 'no name': 'a' }
    server = await createVerifyingServer({ answer: () => ({ headers }) })
    expect(await ask('s3', '/')).toMatchObject({ status: 500, code: 'InternalError' })
  })
})

describe('a refusal', () => {
  const wrong = () => ({ ...server.credentials, secretAccessKey: 'another' })

  it('is in CBOR for a client that speaks it', async () => {
    const cloudwatch = new CloudWatchClient({
      ...{ endpoint: server.url, region, credentials: wrong(), maxAttempts: 1 },
      protocol: AwsSmithyRpcV2CborProtocol,
    })
    const asked = new PutMetricDataCommand({ Namespace: 'a', MetricData: [] })
    await expect(cloudwatch.send(asked)).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('signature'),
    })
    const known = new CloudWatchClient({
      ...{ endpoint: server.url, region, credentials: server.credentials, maxAttempts: 1 },
      protocol: AwsSmithyRpcV2CborProtocol,
    })
    await known.send(asked)
    server.fail('throttle')
    await expect(known.send(asked)).rejects.toMatchObject({ name: 'ThrottlingException' })
  })

  it('is in the form of EC2 for its clients', async () => {
    const body = 'Action=DescribeRegions'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const init = { method: 'POST', headers, body }
    const ok = await ask('ec2', '/', init)
    expect(ok.body).toContain('<DescribeRegionsResponse><requestId>countersign</requestId>')
    const aws = createSigner({ service: 'ec2', region, credentials: wrong(), retries: 0 })
    const refused = await aws.fetch(server.url, init)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toMatch(
      /<Response><Errors><Error><Code>SignatureDoesNotMatch<\/Code><Message>[\s\S]+<\/Message><\/Error><\/Errors><RequestID>/,
    )
    server.fail('throttle')
    expect(await ask('ec2', '/', init)).toMatchObject({ status: 503, code: 'RequestLimitExceeded' })
  })
})
