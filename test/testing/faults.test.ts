import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createSigner } from 'countersign'
import { createVerifyingServer, type FaultKind, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let server: VerifyingServer
beforeEach(async () => {
  server = await createVerifyingServer()
})
afterEach(() => server.close())

const options = (maxAttempts = 1) => ({
  ...{ endpoint: server.url, region: 'eu-west-1', credentials: server.credentials },
  ...{ maxAttempts, forcePathStyle: true },
})
/** A call of each protocol: S3's, JSON, REST-JSON, query. */
const CALLS: Readonly<Record<string, (attempts?: number) => Promise<unknown>>> = {
  s3: (attempts) => new S3Client(options(attempts)).send(new ListBucketsCommand()),
  dynamodb: (attempts) => new DynamoDBClient(options(attempts)).send(new ListTablesCommand()),
  lambda: (attempts) =>
    new LambdaClient(options(attempts)).send(new InvokeCommand({ FunctionName: 'name' })),
  sts: (attempts) => new STSClient(options(attempts)).send(new GetCallerIdentityCommand()),
}
const call = (service: string, attempts?: number) => CALLS[service]?.(attempts)

describe('server.fail', () => {
  it.each<[FaultKind, string, string, number]>([
    ['throttle', 's3', 'SlowDown', 503],
    ['throttle', 'dynamodb', 'ThrottlingException', 400],
    ['throttle', 'lambda', 'TooManyRequestsException', 429],
    ['throttle', 'sts', 'Throttling', 400],
    ['slow-down', 's3', 'SlowDown', 503],
    ['internal-error', 's3', 'InternalError', 500],
    ['internal-error', 'dynamodb', 'InternalFailure', 500],
    ['internal-error', 'sts', 'InternalFailure', 500],
    ['expired-token', 's3', 'ExpiredToken', 400],
    ['expired-token', 'dynamodb', 'ExpiredTokenException', 400],
    ['expired-token', 'sts', 'ExpiredToken', 400],
    ['clock-skew', 's3', 'RequestTimeTooSkewed', 403],
  ])('%s, to a client of %s: %s', async (kind, service, name, status) => {
    server.fail(kind)
    await expect(call(service)).rejects.toMatchObject({
      name: expect.stringMatching(`^${name}`),
      $metadata: { httpStatusCode: status },
    })
    await call(service)
    expect(server.verdicts.map(({ fault, result }) => [fault, result.ok])).toEqual([
      [kind, true],
      [undefined, true],
    ])
  })

  it.each(Object.keys(CALLS))('cut-connection, to a client of %s', async (service) => {
    server.fail('cut-connection')
    await expect(call(service)).rejects.toMatchObject({ code: 'ECONNRESET' })
    await call(service)
    expect(server.verdicts).toHaveLength(2)
  })

  it.each<FaultKind>(['throttle', 'slow-down', 'internal-error', 'cut-connection'])(
    '%s is one that clients try again after',
    async (kind) => {
      for (const service of ['s3', 'dynamodb']) {
        server.reset()
        server.fail(kind, { times: 2 })
        await call(service, 3)
        expect(server.verdicts.map(({ fault }) => fault)).toEqual([kind, kind, undefined])
      }
    },
    30_000,
  )

  it('is for one service where it says so, and for as many requests as it says', async () => {
    server.fail('throttle', { times: 2, service: 'dynamodb' })
    server.fail('internal-error', { service: 'dynamodb' })
    await call('s3')
    for (const name of ['ThrottlingException', 'ThrottlingException', 'InternalFailure'])
      await expect(call('dynamodb')).rejects.toMatchObject({ name })
    await call('dynamodb')
  })

  it('is a fault of none that is refused for its signature', async () => {
    server.fail('internal-error')
    const credentials = { ...server.credentials, secretAccessKey: 'another' }
    const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
    expect((await aws.fetch(server.url)).status).toBe(403)
    await expect(call('s3')).rejects.toMatchObject({ name: 'InternalError' })
  })

  it('says what to pass', () => {
    const told = expect.objectContaining({ code: 'invalid-options' })
    expect(() => server.fail('slow' as never)).toThrow(told)
    for (const times of [0, Number.NaN, -1])
      expect(() => server.fail('throttle', { times })).toThrow(told)
  })
})

describe('server.reset', () => {
  it('forgets verdicts, faults and what was kept', async () => {
    const s3 = new S3Client(options())
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'text' }))
    const dynamodb = new DynamoDBClient(options())
    await dynamodb.send(new PutItemCommand({ TableName: 'table', Item: { a: { S: 'b' } } }))
    server.fail('internal-error', { times: Number.POSITIVE_INFINITY })
    server.reset()
    expect([server.verdicts, server.lastVerdict]).toEqual([[], undefined])
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' })),
    ).rejects.toMatchObject({ name: 'NoSuchBucket' })
    expect(await dynamodb.send(new ListTablesCommand())).toMatchObject({ TableNames: [] })
    expect(server.verdicts).toHaveLength(2)
  })
})

describe('its verdicts', () => {
  it('tell what was asked', async () => {
    await Promise.all(Object.keys(CALLS).map((service) => call(service)))
    const told = server.verdicts.map(({ service, operation }) => `${service} ${operation}`)
    expect(told.sort()).toEqual([
      'dynamodb ListTables',
      'lambda Invoke',
      's3 ListBuckets',
      'sts GetCallerIdentity',
    ])
  })

  it('tell it of what is refused, and of what is not signed, too', async () => {
    const credentials = { ...server.credentials, secretAccessKey: 'another' }
    const aws = createSigner({ service: 'sqs', region: 'eu-west-1', credentials })
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' }
    await aws.fetch(server.url, { method: 'POST', headers, body: '{}' })
    await fetch(`${server.url}/bucket/key`)
    await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' } })
    expect(server.verdicts.map(({ service, operation }) => [service, operation])).toEqual([
      ['sqs', 'SendMessage'],
      ['s3', 'GetObject'],
      ['s3', undefined],
    ])
  })
})
