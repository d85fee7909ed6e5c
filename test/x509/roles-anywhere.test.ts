import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import type { AwsCredentialIdentityProvider } from '@smithy/types'
import { createSigner } from 'countersign'
import { type RolesAnywhereOptions, rolesAnywhere } from 'countersign/x509'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { errorOf, expectError } from '../behaviours/common.ts'
import { listen, shut } from '../support/loopback.ts'
import { base64Of, ec, intermediate, rsa } from './certificates.ts'
import { ARNS } from './common.ts'
import { faultOf } from './judge.ts'

interface Call {
  readonly target: string
  readonly body: unknown
  readonly contentType: string | undefined
  readonly chain: string | string[] | undefined
  readonly fault: string | undefined
}

interface Reply {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

let server: Server
let endpoint: string
let calls: Call[]
let replies: Reply[]

/** A session as CreateSession answers it. */
const session = (number: number, seconds = 3600): Reply => ({
  status: 201,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    credentialSet: [
      {
        credentials: {
          accessKeyId: `ASIASESSION${number}`,
          secretAccessKey: `secret${number}`,
          sessionToken: `token${number}`,
          expiration: `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`,
        },
        roleArn: ARNS.roleArn,
        sourceIdentity: 'CN=test',
      },
    ],
    subjectArn: 'arn:aws:rolesanywhere:us-east-1:000000000000:subject/41c10bae',
  }),
})

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await buffer(request)
    const { method = '', url: target = '', headers } = request
    const fault = faultOf({ method, target, headers, body })
    calls.push({
      ...{ target, fault, body: JSON.parse(body.toString()) },
      ...{ contentType: headers['content-type'], chain: headers['x-amz-x509-chain'] },
    })
    const refused = { status: 403, body: JSON.stringify({ message: `Access denied: ${fault}` }) }
    const reply: Reply = fault ? refused : (replies.shift() ?? session(calls.length))
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  endpoint = `http://127.0.0.1:${await listen(server)}`
})
afterAll(() => shut(server))
beforeEach(() => {
  calls = []
  replies = []
})

const asked = (more: Partial<RolesAnywhereOptions> = {}): RolesAnywhereOptions => ({
  ...{ ...ec, ...ARNS, region: 'us-east-1', endpoint },
  ...more,
})

describe('rolesAnywhere', () => {
  it.each([
    ['P-256', ec],
    ['RSA', rsa],
  ])("gives a role's session for a certificate of %s", async (_, pair) => {
    const credentials = await rolesAnywhere(asked(pair))()
    expect(credentials).toEqual({
      ...{ accessKeyId: 'ASIASESSION1', secretAccessKey: 'secret1', sessionToken: 'token1' },
      expiration: expect.any(Date),
    })
    expect(calls).toEqual([
      {
        target: `/sessions?${new URLSearchParams(ARNS)}`,
        body: {},
        contentType: 'application/json',
        chain: undefined,
        fault: undefined,
      },
    ])
  })

  it('says how long the session is to live and what it is called, and sends the chain', async () => {
    const more = { chain: intermediate, sessionDuration: 900, roleSessionName: 'build' }
    await rolesAnywhere(asked(more))()
    expect(calls[0]).toMatchObject({
      body: { durationSeconds: 900, roleSessionName: 'build' },
      chain: base64Of(intermediate),
      fault: undefined,
    })
  })

  it.each([899, 43201, 900.5, Number.NaN, 0])(
    'takes no session of %d seconds',
    async (sessionDuration) => {
      await expectError(
        () => rolesAnywhere(asked({ sessionDuration })),
        'invalid-options',
        /900 to 43200/,
      )
    },
  )

  it('keeps a session until five minutes before its end', async () => {
    const provider = rolesAnywhere(asked())
    const all = await Promise.all([provider(), provider(), provider()])
    expect(new Set(all).size).toBe(1)
    expect(await provider()).toBe(all[0])
    expect(calls).toHaveLength(1)
    replies.push(session(7, 299))
    const short = rolesAnywhere(asked())
    expect((await short()).accessKeyId).toBe('ASIASESSION7')
    expect((await short()).accessKeyId).toBe('ASIASESSION3')
  })

  it('is a provider as the clients of the AWS SDK have them, which may ask for a fresh session', async () => {
    const provider: AwsCredentialIdentityProvider = rolesAnywhere(asked())
    const first = provider({ callerClientConfig: {} })
    expect(first).toBeInstanceOf(Promise)
    expect(await provider({ forceRefresh: false })).toBe(await first)
    expect(calls).toHaveLength(1)
    expect(await provider({ forceRefresh: true })).not.toBe(await first)
    expect(calls).toHaveLength(2)
  })

  it('serves a signer', async () => {
    const credentials = rolesAnywhere(asked())
    const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
    const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
    const { headers } = await aws.sign({ url })
    expect(headers.authorization).toContain('Credential=ASIASESSION1/')
    expect(headers['x-amz-security-token']).toBe('token1')
  })

  it('asks the endpoint of its region, or the one that it is given', async () => {
    const urls: string[] = []
    const fetch = async (url: unknown) => {
      urls.push(String(url).split('?')[0] ?? '')
      return new Response('{}', { status: 400 })
    }
    const { endpoint: _, ...without } = asked({ fetch })
    for (const region of ['eu-west-1', 'cn-north-1', 'us-gov-west-1'])
      await errorOf(rolesAnywhere({ ...without, region }))
    for (const endpoint of [
      'https://vpce-1.example',
      'https://vpce-1.example/',
      new URL('https://vpce-1.example/a/'),
    ])
      await errorOf(rolesAnywhere({ ...without, endpoint }))
    expect(urls).toEqual([
      'https://rolesanywhere.eu-west-1.amazonaws.com/sessions',
      'https://rolesanywhere.cn-north-1.amazonaws.com.cn/sessions',
      'https://rolesanywhere.us-gov-west-1.amazonaws.com/sessions',
      'https://vpce-1.example/sessions',
      'https://vpce-1.example/sessions',
      'https://vpce-1.example/a/sessions',
    ])
    for (const region of ['', 'evil.example/#'])
      await expectError(() => rolesAnywhere({ ...without, region }), 'invalid-scope', /region/)
    expect(urls).toHaveLength(6)
  })

  it('tries again what failed for a moment, signed anew', async () => {
    replies.push({ status: 500, body: '' }, { status: 429, body: '{}' })
    expect((await rolesAnywhere(asked())()).accessKeyId).toBe('ASIASESSION3')
    expect(calls.map(({ fault }) => fault)).toEqual([undefined, undefined, undefined])
  })

  it('says of a key that is not that of the certificate what it is, and sends nothing', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await expectError(
      rolesAnywhere(asked({ privateKey })),
      'invalid-credentials',
      /privateKey of this/,
    )
    expect(calls).toEqual([])
  })

  it('passes on what fetch throws', async () => {
    const fetch = () => Promise.reject(new TypeError('no route to host'))
    await expect(rolesAnywhere(asked({ fetch }))()).rejects.toThrow('no route to host')
  })
})

describe('what Roles Anywhere answers', () => {
  it.each([
    ['AccessDeniedException', {}, '{"message":"Untrusted certificate."}'],
    [
      'AccessDeniedException:http://internal.amazon.com/coral/com.amazon.coral.service/',
      {},
      '{"message":"Untrusted certificate."}',
    ],
    [
      '',
      {},
      '{"__type":"com.amazonaws.rolesanywhere#AccessDeniedException","message":"Untrusted certificate."}',
    ],
    ['', {}, '{"code":"AccessDeniedException","message":"Untrusted certificate."}'],
  ])('as an error %s is told by its code', async (type, _, body) => {
    replies.push({ status: 403, body, ...(type && { headers: { 'x-amzn-errortype': type } }) })
    const error = await errorOf(rolesAnywhere(asked()))
    expect(error).toMatchObject({ name: 'CountersignError', code: 'credentials-refused' })
    expect(error.service).toEqual({
      ...{ status: 403, code: 'AccessDeniedException', message: 'Untrusted certificate.' },
    })
    expect(error.message).toContain('403 AccessDeniedException Untrusted certificate.')
  })

  it('and is not its JSON is a refusal or an error, never credentials', async () => {
    for (const body of ['', '<html>', 'null', '[]', '""', '7', '{"message":7,"code":7}']) {
      replies.push({ status: 404, body }, { status: 201, body })
      expect((await errorOf(rolesAnywhere(asked()))).service).toMatchObject({ status: 404 })
      await expectError(rolesAnywhere(asked()), 'invalid-credentials', /endpoint gave none/)
    }
    for (const body of [
      '{"credentialSet":[]}',
      '{"credentialSet":[{}]}',
      '{"credentialSet":[{"credentials":{"accessKeyId":"a"}}]}',
    ]) {
      replies.push({ status: 201, body })
      await expectError(rolesAnywhere(asked()), 'invalid-credentials', /endpoint gave none/)
    }
  })

  it('and leads elsewhere is not followed', async () => {
    replies.push({ status: 307, body: '', headers: { location: 'https://evil.example/' } })
    expect((await errorOf(rolesAnywhere(asked()))).service).toMatchObject({ status: 307 })
    expect(calls).toHaveLength(1)
  })

  it('32. shows neither key nor session: in no error, and of no provider', async () => {
    const provider = rolesAnywhere(asked())
    const { secretAccessKey, sessionToken } = await provider()
    const jwk = createPrivateKey(ec.privateKey).export({ format: 'jwk' })
    const secrets = [ec.privateKey.slice(40, 90), `${jwk.d}`, secretAccessKey, sessionToken]
    replies.push({ status: 403, body: '{"message":"no"}', headers: { 'x-amzn-errortype': 'X' } })
    const error = await errorOf(rolesAnywhere(asked()))
    const shown = [error, provider].flatMap((it) => [
      `${JSON.stringify(it)}`,
      inspect(it, { depth: 9, showHidden: true }),
    ])
    for (const text of [...shown, `${error.stack}`])
      for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('24. and blames the clock for is asked once more, by its clock', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 3_600_000 })
    try {
      const date = new Date(Date.now() + 3 * 3_600_000)
      replies.push({
        status: 403,
        headers: { date: date.toUTCString() },
        body: '{"message":"Signature not yet current"}',
      })
      expect((await rolesAnywhere(asked())()).accessKeyId).toBe('ASIASESSION2')
      expect(calls.map(({ fault }) => fault)).toEqual([undefined, undefined])
    } finally {
      vi.useRealTimers()
    }
  })
})
