import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import type { LambdaFunctionURLEvent } from 'aws-lambda'
import { type SigningRequest, sign } from 'countersign'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys } from '../examples/keys.ts'
import { uploadLink } from '../examples/presign.ts'
import { listTables } from '../examples/sign-fetch.ts'
import { s3 } from '../examples/sign-got.ts'
import { addItem } from '../examples/sign-ky.ts'
import { apiClient } from '../examples/sign-openapi-fetch.ts'
import { start as express } from '../examples/verify-express.ts'
import { start as fastify } from '../examples/verify-fastify.ts'
import { start as hono } from '../examples/verify-hono.ts'
import { handler } from '../examples/verify-lambda.ts'
import { start as nodeHttp } from '../examples/verify-node-http.ts'

const credentials = keys.get('AKIDEXAMPLE') ?? { accessKeyId: '', secretAccessKey: '' }
const options = (service: string) => ({ service, region: 'eu-west-1', credentials })

const post = (url: string): SigningRequest => ({
  ...{ method: 'POST', url, body: '{"name":"ü"}' },
  headers: { 'content-type': 'application/json', 'x-customer': 'Alice' },
})

describe.each<[string, string, (port: number) => unknown]>([
  ['verify-node-http', 's3', nodeHttp],
  ['verify-express', 'execute-api', express],
  ['verify-fastify', 'execute-api', fastify],
  ['verify-hono', 'execute-api', hono],
])('examples/%s.ts', (_, service, start) => {
  let server: Server
  let url: string
  beforeAll(async () => {
    server = start(0) as Server
    if (!server.listening) await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/items/a%20b?x=%2B&y`
  })
  afterAll(() => {
    server.close()
  })

  const send = async (request: SigningRequest, change: (signed: Signed) => void = () => {}) => {
    const { method, headers, body, ...signed } = await sign(request, options(service))
    const sent = { url: signed.url, headers, body: body as string }
    change(sent)
    const response = await fetch(sent.url, { method, headers, body: sent.body ?? null })
    return { status: response.status, text: await response.text() }
  }
  type Signed = { url: string; headers: Record<string, string>; body: string }

  it('accepts signed requests, with a body and without', async () => {
    expect(await send(post(url))).toMatchObject({
      status: 200,
      text: expect.stringMatching('Hello'),
    })
    expect(await send({ url })).toMatchObject({ status: 200 })
  })

  it.each<[string, (signed: Signed) => void]>([
    ['header', ({ headers }) => Object.assign(headers, { 'x-customer': 'Mallory' })],
    ['query', (signed) => Object.assign(signed, { url: signed.url.replace('x=', 'x=1') })],
    ['path', (signed) => Object.assign(signed, { url: signed.url.replace('a%20b', 'a%20c') })],
    ['body', (signed) => Object.assign(signed, { body: '{"name":"o"}' })],
    ['signature', ({ headers }) => delete headers.authorization],
  ])('refuses another %s', async (_, change) => {
    const { status, text } = await send(post(url), change)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(text).not.toContain('Hello')
  })
})

describe('examples/verify-lambda.ts', () => {
  const event = async (): Promise<LambdaFunctionURLEvent> => {
    const host = 'abc.lambda-url.eu-west-1.on.aws'
    const { headers } = await sign(post(`https://${host}/a%20b?x=%2B&y`), options('lambda'))
    return {
      ...{ rawPath: '/a%20b', rawQueryString: 'x=%2B&y', body: '{"name":"ü"}' },
      ...{ headers: { ...headers, host }, isBase64Encoded: false },
      requestContext: { domainName: host, http: { method: 'POST' } },
    } as unknown as LambdaFunctionURLEvent
  }

  it('accepts a signed request and refuses a tampered one', async () => {
    expect(await handler(await event())).toMatchObject({ statusCode: 200 })
    for (const change of [{ rawPath: '/a%20c' }, { rawQueryString: '' }, { body: '{}' }])
      expect(await handler({ ...(await event()), ...change })).toMatchObject({ statusCode: 403 })
  })
})

describe('the examples that sign', () => {
  let server: VerifyingServer
  beforeAll(async () => {
    server = await createVerifyingServer()
  })
  afterAll(() => server.close())

  it('examples/sign-fetch.ts is accepted', async () => {
    expect(await listTables(server.url)).toEqual([])
    expect(server.lastVerdict?.result).toMatchObject({ ok: true, scope: { service: 'dynamodb' } })
  })

  const outcomes = () =>
    server.verdicts.map(({ result }) => (result.ok ? result.payload : result.reason))

  it('examples/sign-ky.ts is accepted, body and query signed', async () => {
    expect(await addItem(server.url, { name: 'ü' }, "a b+c/ü'()*")).toEqual({})
    expect(outcomes().at(-1)).toBe('verified')
    expect(server.lastVerdict?.request).toMatchObject({ method: 'POST' })
    expect(Buffer.from(server.lastVerdict?.request.body ?? '').toString()).toBe('{"name":"ü"}')
  })

  it('examples/sign-got.ts is accepted, with text, JSON and hostile names', async () => {
    await s3.put(`${server.url}/bucket/a b/ü+~(1)|^.txt`, { body: 'text' })
    const got = await s3(`${server.url}/bucket/a b/ü+~(1)|^.txt`, { searchParams: { a: "x y+'" } })
    expect(got.body).toBe('text')
    await s3.put(`${server.url}/bucket/json`, { json: { name: 'ü' } })
    expect(outcomes().slice(-3)).toEqual(['verified', 'verified', 'verified'])
    const missing = s3(`${server.url}/bucket/none`, { retry: { limit: 0 } })
    await expect(missing).rejects.toThrow('404')
    expect(outcomes().at(-1)).toBe('verified')
  })

  it('examples/sign-openapi-fetch.ts is accepted', async () => {
    const { data, response } = await apiClient(server.url).GET('/items/{id}', {
      params: { path: { id: 'a b/ü' }, query: { tags: ['x y', "+'"] } },
    })
    expect([response.status, data, outcomes().at(-1)]).toEqual([200, {}, 'verified'])
  })

  it('examples/presign.ts is accepted with its header, and refused with another', async () => {
    const { url, headers, method } = await uploadLink(`${server.url}/bucket`, 'a b.png')
    const put = (more = {}) => fetch(url, { method, headers: { ...headers, ...more }, body: 'png' })
    expect((await put()).status).toBe(200)
    expect((await put({ 'content-type': 'text/html' })).status).toBe(403)
  })
})

const linesOf = (name: string): number =>
  readFileSync(`examples/${name}`, 'utf8').split('\n').length - 1

it('every example is 8 to 25 lines long, the demo, the S3 and the keys aside', () => {
  const names = readdirSync('examples').filter((name) => /^(?!demo|keys|s3).*\.ts$/.test(name))
  const lengths = names.map(linesOf)
  expect(names.length).toBeGreaterThanOrEqual(7)
  expect(lengths.filter((length) => length < 8 || length > 25)).toEqual([])
})

it('examples/s3-server.ts is shorter than 150 lines', () => {
  expect(linesOf('s3-server.ts')).toBeLessThan(150)
})
