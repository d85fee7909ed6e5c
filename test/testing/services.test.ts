import { createHash } from 'node:crypto'
import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import {
  AssumeRoleCommand,
  DecodeAuthorizationMessageCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { fromCognitoIdentityPool, fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { type Credentials, createSigner, type SignOptions } from 'countersign'
import {
  assumeRole,
  assumeRoleWithWebIdentity,
  cognitoIdentity,
  getSessionToken,
} from 'countersign/credentials'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const region = 'eu-west-1'
const roleArn = 'arn:aws:iam::123456789012:role/reader'

let server: VerifyingServer
beforeEach(async () => {
  server = await createVerifyingServer()
})
afterEach(() => server.close())

const options = (more: object = {}) => ({
  ...{ endpoint: server.url, region, credentials: server.credentials, maxAttempts: 1 },
  ...more,
})
const reasons = (): unknown[] => server.verdicts.map(({ result }) => result.ok || result.reason)

/** Asks as a client without an SDK does. */
const ask = async (
  service: string,
  init: RequestInit = {},
  path = '/',
  more: Partial<SignOptions> = {},
) => {
  const { credentials } = server
  const aws = createSigner({ service, region, credentials, retries: 0, ...more })
  const answer = await aws.fetch(server.url + path, { method: 'POST', ...init })
  const { status, headers } = answer
  return { status, type: headers.get('content-type'), body: await answer.text(), headers }
}
const query = (Action: string, more: Record<string, string> = {}): RequestInit => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: `${new URLSearchParams({ Action, Version: '2010-05-08', ...more })}`,
})
const json = (target: string, body: unknown, version = '1.0'): RequestInit => ({
  headers: { 'x-amz-target': target, 'content-type': `application/x-amz-json-${version}` },
  body: JSON.stringify(body),
})

const listWith = (credentials: Credentials): Promise<unknown> =>
  new S3Client({ ...options(), credentials: credentials as never }).send(new ListBucketsCommand())

describe('keys that it gives, and then knows', () => {
  it.each([
    ['assumeRole', () => assumeRole({ ...options(), roleArn })],
    ['getSessionToken', () => getSessionToken(options())],
    [
      'assumeRoleWithWebIdentity',
      () => assumeRoleWithWebIdentity({ ...options(), roleArn, webIdentityToken: 'token' }),
    ],
    ['cognitoIdentity', () => cognitoIdentity({ ...options(), identityPoolId: `${region}:pool` })],
    [
      'the SDK’s fromTemporaryCredentials',
      () =>
        fromTemporaryCredentials({
          params: { RoleArn: roleArn, RoleSessionName: 'test' },
          masterCredentials: server.credentials,
          clientConfig: { region, endpoint: server.url } as never,
        }),
    ],
    [
      'the SDK’s fromCognitoIdentityPool',
      () =>
        fromCognitoIdentityPool({
          identityPoolId: `${region}:pool`,
          clientConfig: { region, endpoint: server.url } as never,
        }),
    ],
  ])('by %s', async (_, provider) => {
    const key = await provider()()
    expect(key.sessionToken).toMatch(/./)
    expect(Math.round((Number(key.expiration) - Date.now()) / 3_600_000)).toBeOneOf([1, 12])
    await listWith(key)
    expect(reasons().every((reason) => reason === true)).toBe(true)
    await expect(listWith({ ...key, sessionToken: 'other' })).rejects.toMatchObject({
      name: 'InvalidToken',
    })
    server.reset()
    await expect(listWith(key)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  })

  it('end, and not before', async () => {
    await server.close()
    let now = new Date()
    server = await createVerifyingServer({ now: () => now })
    const key = await assumeRole({ ...options(), roleArn, durationSeconds: 900 })()
    // Its own provider would not sign with it any more.
    const { expiration: _, ...credentials } = key
    const list = () => ask('s3', { method: 'GET' }, '/', { credentials, signingDate: now })
    now = new Date(Number(now) + 899_000)
    expect((await list()).status).toBe(200)
    now = new Date(Number(now) + 1000)
    expect((await list()).body).toContain('<Code>ExpiredToken</Code>')
  })

  it('are none of a server of S3 alone', async () => {
    await server.close()
    server = await createVerifyingServer({ service: 's3' })
    const asked = new CognitoIdentityClient(options()).send(
      new GetIdCommand({ IdentityPoolId: 'a:b' }),
    )
    await expect(asked).rejects.toThrow()
    expect(reasons()).toEqual(['missing-authentication'])
  })
})

describe('its STS', () => {
  it('tells the role, and the caller', async () => {
    const sts = new STSClient(options())
    const assumed = { RoleArn: roleArn, RoleSessionName: 'name' }
    expect((await sts.send(new AssumeRoleCommand(assumed))).AssumedRoleUser?.Arn).toBe(
      'arn:aws:sts::123456789012:assumed-role/reader/name',
    )
    expect(await sts.send(new GetCallerIdentityCommand())).toMatchObject({
      Account: '123456789012',
      UserId: 'AKIDEXAMPLE',
    })
  })

  it('says what it does not know', async () => {
    const sts = new STSClient(options())
    const command = new DecodeAuthorizationMessageCommand({ EncodedMessage: 'a' })
    await expect(sts.send(command)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('DecodeAuthorizationMessage'),
      $metadata: { httpStatusCode: 501 },
    })
    expect(server.lastVerdict?.result.ok).toBe(true)
  })
})

describe('its IAM', () => {
  const textIn = (xml: string, name: string) =>
    [...xml.matchAll(new RegExp(`<${name}>([^<]*)`, 'g'))].map(([, text]) => text)

  it('rotates a key', async () => {
    const made = await ask('iam', query('CreateAccessKey'))
    const [accessKeyId = ''] = textIn(made.body, 'AccessKeyId')
    const [secretAccessKey = ''] = textIn(made.body, 'SecretAccessKey')
    const fresh = { accessKeyId, secretAccessKey }
    await listWith(fresh)
    expect((await ask('iam', query('CreateAccessKey'))).body).toContain('LimitExceeded')
    const old = server.credentials.accessKeyId
    const { body: used } = await ask(
      'iam',
      query('GetAccessKeyLastUsed', { AccessKeyId: accessKeyId }),
    )
    expect(textIn(used, 'ServiceName')).toEqual(['s3'])

    const asFresh = (init: RequestInit) => ask('iam', init, '/', { credentials: fresh })
    const off = { AccessKeyId: old, Status: 'Inactive' }
    expect((await asFresh(query('UpdateAccessKey', off))).status).toBe(200)
    await expect(listWith(server.credentials)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    const listed = (await asFresh(query('ListAccessKeys'))).body
    expect(textIn(listed, 'AccessKeyId')).toEqual([old, accessKeyId])
    expect(textIn(listed, 'Status')).toEqual(['Inactive', 'Active'])
    await asFresh(query('UpdateAccessKey', { ...off, Status: 'Active' }))
    await listWith(server.credentials)
    await asFresh(query('DeleteAccessKey', { AccessKeyId: old }))
    await expect(listWith(server.credentials)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    const again = await asFresh(query('DeleteAccessKey', { AccessKeyId: old }))
    expect([again.status, again.body]).toEqual([404, expect.stringContaining('NoSuchEntity')])
    expect((await asFresh(query('ListUsers'))).status).toBe(501)
  })
})

describe('its DynamoDB', () => {
  it('puts, gets and deletes', async () => {
    const dynamodb = new DynamoDBClient(options())
    const of = { TableName: 'table' }
    const [Key, other] = [{ id: { S: 'a' } }, { id: { S: 'b' } }]
    for (const Item of [{ ...Key, n: { N: '1' } }, other, { ...Key, n: { N: '2' } }])
      await dynamodb.send(new PutItemCommand({ ...of, Item }))
    const got = async (Key: object) =>
      (await dynamodb.send(new GetItemCommand({ ...of, Key: Key as never }))).Item
    expect(await got(Key)).toEqual({ ...Key, n: { N: '2' } })
    await dynamodb.send(new DeleteItemCommand({ ...of, Key }))
    expect([await got(Key), await got(other)]).toEqual([undefined, other])
    await expect(dynamodb.send(new QueryCommand(of))).rejects.toMatchObject({
      name: 'NotImplemented',
    })
  })

  it.each(['{"TableName":{"toString":1}}', '{"TableName":"a","Key":null,"Item":{}}', '{}', ''])(
    'wants what a call must have: %s has not',
    async (body) => {
      const statuses: Record<string, number> = {}
      for (const call of ['GetItem', 'PutItem', 'DeleteItem', 'ListTables', 'constructor']) {
        const headers = { 'x-amz-target': `DynamoDB_20120810.${call}` }
        const { status, headers: answered } = await ask('dynamodb', { headers, body })
        statuses[call] = status
        if (status === 400) expect(answered.get('x-amzn-errortype')).toBe('ValidationException')
      }
      const wrong = { GetItem: 400, PutItem: 400, DeleteItem: 400 }
      expect(statuses).toEqual({ ...wrong, ListTables: 200, constructor: 501 })
    },
  )
})

describe('its SQS', () => {
  const MessageBody = 'a & ü'
  const digest = createHash('md5').update(MessageBody).digest('hex')

  it('gives a receipt in JSON, and in the query protocol', async () => {
    const sent = await ask('sqs', json('AmazonSQS.SendMessage', { MessageBody }))
    expect(JSON.parse(sent.body)).toMatchObject({ MD5OfMessageBody: digest })
    const { body } = await ask('sqs', query('SendMessage', { MessageBody }))
    expect(body).toContain(`<SendMessageResult><MD5OfMessageBody>${digest}</MD5OfMessageBody>`)
    const asked = await ask('sqs', json('AmazonSQS.GetQueueUrl', { QueueName: 'name' }))
    expect(JSON.parse(asked.body)).toEqual({ QueueUrl: `${server.url}/123456789012/name` })
  })
})

describe('its Lambda', () => {
  it('answers with what it is sent', async () => {
    const lambda = new LambdaClient(options())
    const invoke = (more: object = {}) =>
      lambda.send(
        new InvokeCommand({ FunctionName: 'name', Payload: Buffer.from('{"a":1}'), ...more }),
      )
    const { Payload, StatusCode } = await invoke()
    expect([Buffer.from(Payload ?? []).toString(), StatusCode]).toEqual(['{"a":1}', 200])
    expect((await invoke({ InvocationType: 'Event' })).StatusCode).toBe(202)
    expect((await invoke({ InvocationType: 'DryRun' })).StatusCode).toBe(204)
    expect(await lambda.send(new ListFunctionsCommand())).toMatchObject({ Functions: [] })
    const streaming = new InvokeWithResponseStreamCommand({
      FunctionName: 'name',
      Payload: '"text"' as never,
    })
    const { EventStream = [] } = await lambda.send(streaming)
    const events: string[] = []
    for await (const { PayloadChunk, InvokeComplete } of EventStream)
      events.push(InvokeComplete ? 'end' : Buffer.from(PayloadChunk?.Payload ?? []).toString())
    expect(events).toEqual(['"text"', 'end'])
  })

  it('has functions at their URLs', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await ask('lambda', { headers, body: 'text' }, '/any/path?a=b')
    expect(answer).toMatchObject({ status: 200, type: 'text/plain', body: 'text' })
  })
})

describe('every other service', () => {
  const RESULT =
    /^<\?xml [^>]*\?>\n<PublishResponse><PublishResult><\/PublishResult><ResponseMetadata><RequestId>\w+<\/RequestId><\/ResponseMetadata><\/PublishResponse>$/

  it.each<[string, string, RequestInit, string, string | RegExp]>([
    ['query', 'sns', query('Publish'), 'application/xml', RESULT],
    [
      'JSON 1.0',
      'states',
      json('AWSStepFunctions.StartExecution', {}),
      'application/x-amz-json-1.0',
      '{}',
    ],
    [
      'JSON 1.1',
      'kms',
      json('TrentService.Encrypt', {}, '1.1'),
      'application/x-amz-json-1.1',
      '{}',
    ],
    ['REST-JSON', 'polly', { body: '{}' }, 'application/json', '{}'],
    ['REST-XML', 'route53', { method: 'GET' }, 'application/xml', ''],
    [
      'CBOR',
      'monitoring',
      { headers: { 'smithy-protocol': 'rpc-v2-cbor' } },
      'application/cbor',
      '\ufffd',
    ],
  ])('answers emptily in %s: %s', async (_, service, init, type, body) => {
    const answer = await ask(service, init)
    expect(answer).toMatchObject({ status: 200, type })
    expect(answer.body).toMatch(body instanceof RegExp ? body : new RegExp(`^${body}$`))
  })

  it.each([
    ['mediastore', 'PUT', '/folder/file'],
    ['lex', 'POST', '/bot/name/alias/a/user/u/content'],
    ['ebs', 'PUT', '/snapshots/snap-1/blocks/0'],
    ['omics', 'PUT', '/sequencestore/1/upload/2/part'],
    ['s3-object-lambda', 'POST', '/WriteGetObjectResponse'],
  ])('takes an unsigned body where AWS’s model says so: %s', async (service, method, path) => {
    const unsigned = { payload: 'UNSIGNED-PAYLOAD' } as const
    await ask(service, { method, body: 'text' }, path, unsigned)
    await ask('kms', { body: 'text' }, '/', unsigned)
    await ask(
      service === 's3-object-lambda' ? 'kms' : service,
      { method: 'PATCH', body: 'text' },
      path,
      unsigned,
    )
    expect(reasons()).toEqual([true, 'unsigned-payload', 'unsigned-payload'])
  })
})
