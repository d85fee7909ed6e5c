import { createServer } from 'node:http'
import { createSigner, createVerifier, sign } from 'countersign'
import { importCredentials, s3ExpressSession } from 'countersign/credentials'
import { receivedFrom } from 'countersign/node-http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { element } from '../../src/lib/xml.ts'
import { exampleKey } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'

const bucket = 'logs--use1-az4--x-s3'
const region = 'us-east-1'
const role = { ...exampleKey, sessionToken: 'role/token+==' }

/** A directory bucket: one verifier for roles and for sessions, each of which lives for five minutes. */
const keys = new Map<string, object>()
const verifier = createVerifier({
  service: 's3express',
  region,
  credentials: (id) => keys.get(id) as typeof role | undefined,
})
const calls: { url: string; headers: object; by: string }[] = []
let lifetime = 300

const server = createServer(async (request, response) => {
  const verdict = await verifier.verify(receivedFrom(request, ''))
  const by = verdict.ok ? verdict.accessKeyId : verdict.reason
  calls.push({ url: `${request.url}`, headers: request.headers, by })
  if (!verdict.ok) {
    response.writeHead(403).end(element('Error', [element('Code', 'AccessDenied')]))
    return
  }
  if (request.url !== '/?session') {
    response.end('object')
    return
  }
  const session = {
    accessKeyId: `ASIASESSION${keys.size}`,
    secretAccessKey: 'secret',
    sessionToken: `session/${keys.size}+==`,
  }
  keys.set(session.accessKeyId, session)
  response.end(
    element('CreateSessionResult', [
      element('Credentials', [
        element('SessionToken', session.sessionToken),
        element('SecretAccessKey', session.secretAccessKey),
        element('AccessKeyId', session.accessKeyId),
        element('Expiration', new Date(Date.now() + lifetime * 1000).toISOString()),
      ]),
    ]),
  )
})

let endpoint: string
beforeEach(async () => {
  keys.clear()
  keys.set(role.accessKeyId, role)
  calls.length = 0
  lifetime = 300
  endpoint = `http://127.0.0.1:${await listen(server)}`
})
afterEach(() => shut(server))

describe('s3ExpressSession', () => {
  it('makes one session for many calls, whose token has its own header', async () => {
    const credentials = s3ExpressSession({ bucket, region, credentials: role, endpoint })
    const aws = createSigner({ service: 's3express', region, credentials })
    for (const key of ['a', 'b']) expect((await aws.fetch(`${endpoint}/${key}`)).status).toBe(200)
    expect(calls.map(({ url, by }) => [url, by])).toEqual([
      ['/?session', role.accessKeyId],
      ['/a', 'ASIASESSION1'],
      ['/b', 'ASIASESSION1'],
    ])
    expect(calls[0]?.headers).toMatchObject({ 'x-amz-security-token': role.sessionToken })
    expect(calls[0]?.headers).not.toHaveProperty('x-amz-s3session-token')
    expect(calls[1]?.headers).toMatchObject({ 'x-amz-s3session-token': 'session/1+==' })
    expect(calls[1]?.headers).not.toHaveProperty('x-amz-security-token')
  })

  it('makes another in the last minute of one', async () => {
    lifetime = 50
    const provider = s3ExpressSession({ bucket, region, credentials: role, endpoint })
    const ids = [await provider(), await provider()].map(({ accessKeyId }) => accessKeyId)
    expect(ids).toEqual(['ASIASESSION1', 'ASIASESSION2'])
  })

  it('asks at the address of its zone, and tells what is refused', async () => {
    const sent: string[] = []
    const fetch = async (url: unknown) => {
      sent.push(`${url}`)
      return new Response('<Error><Code>AccessDenied</Code><Message>No.</Message></Error>', {
        status: 403,
      })
    }
    const provider = s3ExpressSession({
      ...{ bucket, region, credentials: role },
      fetch: fetch as typeof globalThis.fetch,
    })
    await expect(async () => provider()).rejects.toMatchObject({
      code: 'credentials-refused',
      service: { status: 403, code: 'AccessDenied' },
    })
    expect(sent).toEqual([
      'https://logs--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/?session',
    ])
  })

  it.each([
    'logs',
    'logs--x-s3',
    'logs--use1-az4',
    'a.example.com/--use1-az4--x-s3',
    'a--b.example.com/--x-s3',
    '',
  ])('takes a directory bucket alone, not "%s"', (name) =>
    expect(() => s3ExpressSession({ bucket: name, region, credentials: role })).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    ),
  )
})

describe('a sessionTokenName of the credentials', () => {
  it('goes before that of the options, imported keys too', async () => {
    const credentials = { ...role, sessionTokenName: 'X-Amz-S3session-Token' }
    const options = { service: 's3', region, sessionTokenName: 'x-amz-other-token' }
    for (const own of [credentials, await importCredentials(credentials)]) {
      const { headers } = await sign({ url: endpoint }, { ...options, credentials: own })
      expect(headers).toMatchObject({ 'x-amz-s3session-token': role.sessionToken })
      expect(headers).not.toHaveProperty('x-amz-other-token')
    }
    const plain = await sign({ url: endpoint }, { ...options, credentials: role })
    expect(plain.headers).toMatchObject({ 'x-amz-other-token': role.sessionToken })
  })
})
