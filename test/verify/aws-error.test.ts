import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  type AwsErrorResponse,
  type AwsProtocol,
  awsError,
  type RefusalReason,
  type Refused,
  type VerifyOptions,
  verify,
} from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, shut } from '../support/loopback.ts'
import { credentials, verifying } from './common.ts'
import { type Case, good, REFUSED } from './refusals.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown
let answer: Answer
let endpoint: string
const server: Server = createServer(async (request, response) => {
  try {
    await answer(request, response)
  } catch {
    response.destroy()
  }
})

beforeAll(async () => {
  endpoint = `http://127.0.0.1:${await listen(server)}`
})
afterAll(() => shut(server))

const send = (response: ServerResponse, { status, headers, body }: AwsErrorResponse) =>
  response.writeHead(status, headers).end(body)

/** What a real client makes of an answer. */
interface Reported {
  name: string
  message: string
  $metadata: { httpStatusCode: number }
}

const options = (maxAttempts: number) => ({
  endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts,
})
const CALLS: Record<AwsProtocol, (maxAttempts: number) => Promise<unknown>> = {
  s3: (maxAttempts) =>
    new S3Client({ ...options(maxAttempts), forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: 'bucket', Key: 'a key' }),
    ),
  json: (maxAttempts) => new DynamoDBClient(options(maxAttempts)).send(new ListTablesCommand({})),
  query: (maxAttempts) =>
    new STSClient(options(maxAttempts)).send(new GetCallerIdentityCommand({})),
}
const PROTOCOLS = Object.keys(CALLS) as AwsProtocol[]

const reportedBy = (protocol: AwsProtocol, maxAttempts = 1): Promise<Reported> =>
  CALLS[protocol](maxAttempts).then(
    () => expect.fail('went through'),
    (error) => error as Reported,
  )

/** What AWS calls each refusal in S3, in JSON and in its query protocol. */
const NAMES: Record<RefusalReason, readonly [s3: string, json: string, query: string]> = {
  'missing-authentication': [
    'AccessDenied',
    'MissingAuthenticationTokenException',
    'MissingAuthenticationToken',
  ],
  'malformed-authorization': [
    'AuthorizationHeaderMalformed',
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  'unsupported-algorithm': [
    'InvalidArgument',
    'IncompleteSignatureException',
    'IncompleteSignature',
  ],
  'scope-mismatch': [
    'AuthorizationHeaderMalformed',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  'unknown-access-key': [
    'InvalidAccessKeyId',
    'UnrecognizedClientException',
    'InvalidClientTokenId',
  ],
  'invalid-session-token': ['InvalidToken', 'UnrecognizedClientException', 'InvalidClientTokenId'],
  'expired-session-token': ['ExpiredToken', 'ExpiredTokenException', 'ExpiredToken'],
  'clock-skew': ['RequestTimeTooSkewed', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  expired: ['AccessDenied', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'not-yet-valid': ['AccessDenied', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'unsigned-headers': ['AccessDenied', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'signed-header-missing': ['AccessDenied', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'missing-payload-hash': ['InvalidRequest', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'unsigned-payload': ['AccessDenied', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  'payload-mismatch': [
    'XAmzContentSHA256Mismatch',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  'signature-mismatch': [
    'SignatureDoesNotMatch',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ],
  replayed: ['AccessDenied', 'AccessDeniedException', 'AccessDenied'],
  'ambiguous-path': ['InvalidURI', 'ValidationException', 'ValidationError'],
  'host-mismatch': ['InvalidRequest', 'ValidationException', 'ValidationError'],
  'replay-store-failed': [
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'ServiceUnavailable',
  ],
}

const refusedFor = async (reason: RefusalReason): Promise<Refused> => {
  const [request, more] = REFUSED[reason][1] as Case
  return (await verify(request, { ...verifying, ...more })) as Refused
}
const cases = (Object.keys(NAMES) as RefusalReason[]).flatMap((reason) =>
  PROTOCOLS.map((protocol, at) => [reason, protocol, NAMES[reason][at] as string] as const),
)

describe('the AWS SDK', () => {
  it.each(cases)('reports %s in %s as %s', async (reason, protocol, name) => {
    const refused = await refusedFor(reason)
    answer = (_, response) => send(response, awsError(refused, protocol))
    const error = await reportedBy(protocol)
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: refused.status } })
    const ownWords = protocol === 's3' && reason === 'unsupported-algorithm'
    if (!ownWords && !/signature-mismatch|clock|expired$|yet/.test(reason))
      expect(error.message).toBe(refused.message)
    expect(error.message).toMatch(/\w+ \w+/)
  })

  it.each(PROTOCOLS)(
    'shows in %s what was canonicalised, in whatever characters',
    async (protocol) => {
      const headers = { ...good.headers, 'x-note': `<a>&"'\u00fc` }
      const { authorization = '' } = headers as Record<string, string>
      const noted = {
        ...headers,
        authorization: authorization.replace('x-amz-date', 'x-amz-date;x-note'),
      }
      const refused = (await verify({ ...good, headers: noted }, verifying)) as Refused
      answer = (_, response) => send(response, awsError(refused, protocol))
      const error = await reportedBy(protocol)
      const { canonicalRequest, stringToSign } = refused.trace as NonNullable<Refused['trace']>
      expect(canonicalRequest).toContain(`x-note:<a>&"'\u00fc\n`)
      if (protocol === 's3')
        expect(error).toMatchObject({
          CanonicalRequest: canonicalRequest,
          StringToSign: stringToSign,
        })
      else
        for (const text of [canonicalRequest, stringToSign])
          expect(error.message).toContain(`'${text}'`)
    },
  )
})

/** An answer without the ids that are its own. */
const withoutIds = (answer: AwsErrorResponse): AwsErrorResponse => ({
  ...answer,
  body: answer.body.replace(/<RequestId>[\dA-F]{16}<\/RequestId><HostId>[\dA-F]{32}<\/HostId>/, ''),
})

describe('a coarse answer', () => {
  const ofAnotherDay = {
    accessKeyId: credentials.accessKeyId,
    signingKey: new Uint8Array(32),
    scope: { date: '20150829', region: 'us-east-1', service: 'execute-api' },
  }

  it.each(PROTOCOLS)(
    'is one in %s for an unknown key, one of another session or scope, and a wrong signature',
    async (protocol) => {
      const answers = await Promise.all(
        [
          { credentials: () => undefined },
          { credentials: () => ({ ...credentials, secretAccessKey: 'b' }) },
          { credentials: () => ({ ...credentials, sessionToken: 'another' }) },
          { credentials: () => ofAnotherDay },
        ].map(async (more) =>
          awsError((await verify(good, { ...verifying, ...more })) as Refused, protocol, 'coarse'),
        ),
      )
      for (const one of answers)
        expect(withoutIds(one)).toEqual(withoutIds(answers[0] as AwsErrorResponse))
      const { body } = answers[0] as AwsErrorResponse
      expect(body).not.toMatch(/Canonical|StringToSign|AWS4-HMAC|Provided|AccessKeyId/)
      answer = (_, response) => send(response, answers[0] as AwsErrorResponse)
      expect(await reportedBy(protocol)).toMatchObject({
        name: NAMES['signature-mismatch'][PROTOCOLS.indexOf(protocol)],
      })
    },
  )

  it('is not missed by a word that is none', async () => {
    const refused = await refusedFor('signature-mismatch')
    expect(() => awsError(refused, 's3', 'corse' as 'coarse')).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    )
  })

  it.each(cases)('shows of %s in %s no more than the aws one', async (reason, protocol) => {
    const refused = await refusedFor(reason)
    const [aws, coarse] = (['aws', 'coarse'] as const).map((disclosure) =>
      withoutIds(awsError(refused, protocol, disclosure)),
    ) as [AwsErrorResponse, AwsErrorResponse]
    const ofKeys = /^(unknown-access-key|invalid-session-token|signature-mismatch)$/.test(reason)
    if (ofKeys) expect(coarse.status).toBe(403)
    else expect(coarse).toEqual(aws)
  })
})

describe('a server that verifies what the AWS SDK sends', () => {
  const SERVICES = { s3: 's3', json: 'dynamodb', query: 'sts' } as const
  const EMPTY = { s3: '', json: '{}', query: '<GetCallerIdentityResponse/>' } as const

  /** Verifies as a server does, and answers as AWS does; its clock may be ahead by seconds. */
  const serving =
    (
      protocol: AwsProtocol,
      ahead = 0,
      more: Partial<VerifyOptions> & { body?: Buffer } = {},
    ): Answer =>
    async (request, response) => {
      const { method = '', url = '', headers } = request
      const body = await buffer(request)
      const now = new Date(Date.now() + ahead * 1000)
      const result = await verify(
        { method, url, headers, body: more.body ?? body },
        { ...verifying, service: SERVICES[protocol], now, ...more },
      )
      response.setHeader('date', now.toUTCString())
      if (result.ok) response.writeHead(200).end(EMPTY[protocol])
      else send(response, awsError(result, protocol))
    }

  it.each(PROTOCOLS)('accepts it in %s', async (protocol) => {
    answer = serving(protocol)
    await CALLS[protocol](1)
  })

  it('accepts an upload, and reports another body than the one that was signed', async () => {
    const client = new S3Client({ ...options(1), forcePathStyle: true })
    const put = () =>
      client.send(new PutObjectCommand({ Bucket: 'bucket', Key: "it's (1) + ü", Body: 'Welcome' }))
    answer = serving('s3')
    await put()
    answer = serving('s3', 0, { body: Buffer.from('other') })
    await expect(put()).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
  })

  it.each(PROTOCOLS)(
    'teaches it the time in %s, so that it tries again and succeeds',
    async (protocol) => {
      let asked = 0
      const late = serving(protocol, 3600)
      answer = (request, response) => {
        asked++
        return late(request, response)
      }
      await CALLS[protocol](3)
      expect(asked).toBe(2)
    },
  )

  it.each(PROTOCOLS)('tells it in %s that the secret is wrong', async (protocol) => {
    const other = { ...credentials, secretAccessKey: 'another' }
    answer = serving(protocol, 0, { credentials: () => other })
    expect(await reportedBy(protocol)).toMatchObject({
      name: NAMES['signature-mismatch'][PROTOCOLS.indexOf(protocol)],
    })
  })
})
