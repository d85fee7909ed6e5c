import { Readable } from 'node:stream'
import { signingInterceptor } from 'countersign/undici'
import { Agent, Client, fetch, interceptors, request } from 'undici'
import * as undici6 from 'undici6'
import { describe, expect, it } from 'vitest'
import { serve } from '../behaviours/loopback.ts'
import { startProxy } from '../real/tampering.ts'
import { hostileTargets } from '../senders.ts'
import { expectArrived, header, outcome, SERVICES, signer, target, useServer } from './common.ts'

const server = useServer()

const VERSIONS = [
  ['7', { Agent, Client, interceptors, request, fetch }],
  ['6', undici6 as unknown as { Agent: typeof Agent; Client: typeof Client } & typeof sevens],
] as const
const sevens = { Agent, Client, interceptors, request, fetch }

const cases = SERVICES.flatMap((service) => hostileTargets.map((path) => [service, path] as const))

/** The part of a spelling that a dispatcher lets through, which takes no URL apart. */
const asPath = (path: string) => (path.startsWith('/') ? path : `/${path}`)

describe.each(VERSIONS)('countersign/undici with undici %s', (_, undici) => {
  const agent = (service: string, ...args: [Parameters<typeof signingInterceptor>[1]?]) =>
    new undici.Agent().compose(signingInterceptor(signer(service), ...args))

  describe('puts on the wire what was signed', () => {
    it.each(cases)('by request(url), for %s, %j', async (service, path) => {
      const { statusCode } = await undici.request(server.url + path, { dispatcher: agent(service) })
      expect(statusCode).toBe(200)
      // The parser that undici asks first drops blanks at the end.
      await expectArrived(server, service, path.replace(/ +$/, ''))
    })

    it.each(cases)('by a raw path, for %s, %j', async (service, path) => {
      const dispatcher = agent(service)
      const options = { origin: server.url, path: asPath(path), method: 'POST' } as const
      const { statusCode } = await dispatcher.request({ ...options, body: 'ü' })
      expect(statusCode).toBe(200)
      await expectArrived(server, service, path, 'POST')
    })

    it('by undici.fetch', async () => {
      const dispatcher = agent('s3')
      const response = await undici.fetch(`${server.url}/a b/ü?x=1 2`, { dispatcher })
      expect([outcome(server), response.status]).toEqual(['s3 verified', 200])
    })
  })

  it("signs a query as undici writes it, and a URL's own", async () => {
    const query = { 'a b': ['1', '2'], ü: "!'()*~+", empty: '', none: null, n: 1, __proto__x: 'é' }
    await undici.request(`${server.url}/items`, { dispatcher: agent('execute-api'), query })
    expect(outcome(server)).toBe('execute-api verified')
    const sent = new URLSearchParams(target(server).split('?')[1])
    expect([...sent]).toEqual([
      ...Object.entries(query).flatMap(([name, values]) =>
        [values ?? ''].flat().map((value) => [name, String(value)]),
      ),
    ])
  })

  it.each<[string, object]>([
    ['a record', { 'X-Amz-Meta-A': ['  b ', 'c'], 'x-note': 'ü', 'x-n': 1 }],
    ['one array', ['x-amz-meta-a', ' b ', 'X-Amz-Meta-A', 'c', 'x-note', 'ü', 'x-n', '1']],
    [
      'pairs',
      new Map([
        ['x-amz-meta-a', 'b,c'],
        ['x-note', 'ü'],
        ['x-n', '1'],
      ]),
    ],
  ])('signs header fields of %s', async (_, headers) => {
    const dispatcher = agent('s3')
    await undici.request(`${server.url}/k`, {
      dispatcher,
      headers: headers as Record<string, string>,
    })
    expect(outcome(server)).toBe('s3 verified')
    expect(header(server, 'x-amz-meta-a')).toEqual(['b,c'])
    expect(header(server, 'authorization').join()).toContain('x-amz-meta-a;x-amz-security-token')
  })

  it.each<[string, string | Uint8Array]>([
    ['text', 'ü\ud800'],
    ['bytes', new Uint8Array([0, 255, 128])],
    ['a part of a buffer', Buffer.from('abcdef').subarray(1, 3)],
    ['nothing', ''],
  ])('signs %s as the body', async (_, body) => {
    const options = { dispatcher: agent('s3'), method: 'PUT', body } as const
    await undici.request(`${server.url}/bucket/key`, options)
    expect(outcome(server)).toBe('s3 verified')
  })

  it('refuses a stream without payload, and sends nothing; signs it with one', async () => {
    const put = (payload?: 'UNSIGNED-PAYLOAD') =>
      undici.request(`${server.url}/bucket/key`, {
        dispatcher: agent('s3', ...(payload ? [{ payload }] : [])),
        method: 'PUT',
        body: Readable.from(['text']),
      })
    const before = server.verdicts.length
    await expect(put()).rejects.toMatchObject({ code: 'invalid-body' })
    expect(server.verdicts.length).toBe(before)
    await put('UNSIGNED-PAYLOAD')
    expect(outcome(server)).toBe('s3 unsigned')
    const init = { method: 'PUT', body: 'text', dispatcher: agent('s3') }
    await expect(undici.fetch(`${server.url}/k`, init)).rejects.toMatchObject({
      cause: { code: 'invalid-body' },
    })
  })

  it('signs a call of a Client that names its origin, and refuses one that does not', async () => {
    const client = new undici.Client(server.url).compose(signingInterceptor(signer('sts')))
    const options = { path: '/?a=b', method: 'GET' } as const
    await expect(client.request(options)).rejects.toMatchObject({ code: 'invalid-url' })
    const whole = { ...options, origin: server.url, path: 'http://example.com/' }
    await expect(client.request(whole)).rejects.toMatchObject({ code: 'invalid-url' })
    const { statusCode } = await client.request({ ...options, origin: server.url })
    expect([outcome(server), statusCode]).toEqual(['sts verified', 200])
    await client.close()
  })

  it('rejects with what signing throws, before anything is sent', async () => {
    const before = server.verdicts.length
    const sent = undici.request(`${server.url}/a`, { dispatcher: agent('s 3') })
    await expect(sent).rejects.toMatchObject({ name: 'CountersignError', code: 'invalid-scope' })
    const dots = { dispatcher: agent('s3'), origin: server.url, path: '/a/../b', method: 'GET' }
    await expect(dots.dispatcher.request(dots)).rejects.toMatchObject({ code: 'dot-segments' })
    expect(server.verdicts.length).toBe(before)
  })

  it('honours an AbortSignal that fires while it signs', async () => {
    const controller = new AbortController()
    const slow = signer('s3', {
      credentials: async () => {
        controller.abort()
        return { accessKeyId: 'A', secretAccessKey: 'b' }
      },
    })
    const dispatcher = new undici.Agent().compose(signingInterceptor(slow))
    const sent = undici.request(`${server.url}/a`, { dispatcher, signal: controller.signal })
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('stands inside a retry interceptor, which has each attempt signed anew', async () => {
    let asked = 0
    const fresh = signer('s3', {
      credentials: () => ({ accessKeyId: `KEY${++asked}`, secretAccessKey: 'secret' }),
    })
    const dispatcher = new undici.Agent().compose(
      signingInterceptor(fresh),
      undici.interceptors.retry({ statusCodes: [403], maxRetries: 2, minTimeout: 1 }),
    )
    const before = server.verdicts.length
    await undici.request(`${server.url}/a`, { dispatcher }).catch(() => undefined)
    const ids = server.verdicts
      .slice(before)
      .map(({ request: { headers } }) => /KEY\d/.exec(`${[...(headers as Iterable<string>)]}`)?.[0])
    expect(ids).toEqual(['KEY1', 'KEY2', 'KEY3'])
  })

  it('stands inside a redirect interceptor, which has each place signed anew', async () => {
    const location = `${server.url}/there?a=b`
    const here = await serve((_, response) => void response.writeHead(307, { location }).end())
    const dispatcher = new undici.Agent().compose(
      signingInterceptor(signer('s3')),
      undici.interceptors.redirect({ maxRedirections: 1 }),
    )
    const { statusCode } = await undici.request(here.url, { dispatcher })
    expect(statusCode).toBe(200)
    await expectArrived(server, 's3', '/there?a=b')
    await here.close()
  })

  it.each(['header', 'path', 'body'] as const)('is refused with an altered %s', async (place) => {
    const proxy = await startProxy(server.port, place)
    const options = { dispatcher: agent('execute-api'), method: 'POST', body: 'text' } as const
    const { statusCode } = await undici.request(`${proxy.url}/a%20b?c`, options)
    expect(statusCode).toBeGreaterThanOrEqual(400)
    expect(outcome(server)).toMatch(/mismatch/)
    proxy.close()
  })
})
