import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import axios, { AxiosError, type AxiosRequestConfig } from 'axios'
import { signingInterceptor } from 'countersign/axios'
import { describe, expect, it } from 'vitest'
import { startProxy } from '../real/tampering.ts'
import { hostileTargets } from '../senders.ts'
import { listen, shut } from '../support/loopback.ts'
import { expectArrived, header, outcome, SERVICES, signer, target, useServer } from './common.ts'

const server = useServer()

const ADAPTERS = ['http', 'fetch'] as const

/** An instance whose requests are signed. */
function signed(
  service: string,
  config: AxiosRequestConfig = {},
  overrides?: Parameters<typeof signingInterceptor>[2],
) {
  const instance = axios.create(config)
  instance.interceptors.request.use(signingInterceptor(signer(service), instance, overrides))
  return instance
}

const cases = SERVICES.flatMap((service) => hostileTargets.map((path) => [service, path] as const))

describe.each(ADAPTERS)('countersign/axios by the %s adapter', (adapter) => {
  describe('puts on the wire what was signed', () => {
    it.each(cases)('as url, for %s, %j', async (service, path) => {
      const { status } = await signed(service, { adapter }).get(server.url + path)
      expect(status).toBe(200)
      await expectArrived(server, service, path)
    })

    // To axios, // begins another host.
    const relative = cases.filter(([, path]) => !path.startsWith('//'))

    it.each(relative)('as baseURL, url and params, for %s, %j', async (service, path) => {
      const [url = '', query = ''] = path.split(/\?(.*)/s)
      const params = query.split('&').map((part) => part.split(/=(.*)/s, 2))
      const config = { adapter, baseURL: `${server.url}/v1/` }
      const sent = { url, method: 'post', data: { ü: [1] }, params: Object.fromEntries(params) }
      const { status } = await signed(service, config).request(sent)
      expect([outcome(server), status]).toEqual([`${service} verified`, 200])
      expect(header(server, 'content-type')).toEqual(['application/json'])
    })
  })

  it.each<[string, AxiosRequestConfig, string]>([
    [
      'nested',
      { params: { a: { b: [1, 'x y'] }, 'c d': null, e: undefined } },
      'a[b][0]=1&a[b][1]=x%20y',
    ],
    [
      'dates and blanks',
      { params: { at: new Date(0), q: "a+b :$,!'()*" } },
      'at=1970-01-01T00:00:00.000Z',
    ],
    [
      'URLSearchParams',
      {
        params: new URLSearchParams([
          ['a', 'x y'],
          ['a', '+'],
        ]),
      },
      'a=x%20y&a=%2B',
    ],
    [
      'a serializer',
      { params: { a: 1 }, paramsSerializer: () => 'z=ü |&a=b+c' },
      'z=%C3%BC%20%7C&a=b%20c',
    ],
    ['indexes', { params: { a: [1, 2] }, paramsSerializer: { indexes: null } }, 'a=1&a=2'],
    ['beside a query', { url: '/k?z=1', params: { a: 2 } }, 'z=1&a=2'],
  ])('signs params as axios writes them: %s', async (_, config, expected) => {
    const request = { baseURL: server.url, url: '/k', ...config }
    await signed('s3', { adapter }).request(request)
    expect(outcome(server)).toBe('s3 verified')
    expect(decodeURI(target(server)).replaceAll("'", '%27')).toContain(decodeURI(`/k?${expected}`))
  })

  it.each<[string, unknown, string | undefined]>([
    ['an object', { a: 'ü', b: [1] }, 'application/json'],
    ['text', 'ü\n', 'application/x-www-form-urlencoded'],
    [
      'a form',
      new URLSearchParams({ a: 'ü b' }),
      'application/x-www-form-urlencoded;charset=utf-8',
    ],
    ['bytes', new Uint8Array([0, 255, 128]), 'application/x-www-form-urlencoded'],
    [
      'a part of a buffer',
      Buffer.from('abcdef').subarray(1, 3),
      'application/x-www-form-urlencoded',
    ],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer, 'application/x-www-form-urlencoded'],
    ['nothing', undefined, undefined],
  ])('signs the serialised body: %s', async (_, data, type) => {
    await signed('s3', { adapter }).put(`${server.url}/k`, data)
    expect(outcome(server)).toBe('s3 verified')
    if (type) expect(header(server, 'content-type')).toEqual([type])
    const signedHeaders = /SignedHeaders=([^,]+)/.exec(header(server, 'authorization').join())?.[1]
    if (type) expect(signedHeaders).toContain('content-type;host')
  })

  it('runs own transforms of the body once, which may set headers', async () => {
    let runs = 0
    const config: AxiosRequestConfig = {
      adapter,
      transformRequest: [
        (data, headers) => {
          runs++
          headers.set('x-amz-meta-run', 'yes')
          return `<${data}>`
        },
      ],
    }
    await signed('s3', config).post(`${server.url}/k`, 'a')
    expect([runs, outcome(server)]).toEqual([1, 's3 verified'])
    expect(Buffer.from(server.lastVerdict?.request.body ?? '').toString()).toBe('<a>')
    expect(header(server, 'x-amz-meta-run')).toEqual(['yes'])
  })

  it('signs headers, those of an interceptor that was added later among them', async () => {
    const instance = signed('s3', { adapter, headers: { 'X-Amz-Meta-A': '  b ', 'x-n': 1 } })
    instance.interceptors.request.use((config) => {
      config.headers.set('x-amz-meta-late', 'c')
      return config
    })
    await instance.get(`${server.url}/k`, { headers: { 'x-list': ['a', 'b'] } as object })
    expect(outcome(server)).toBe('s3 verified')
    expect(header(server, 'authorization').join()).toMatch(
      /x-amz-meta-a;x-amz-meta-late;.*x-list;x-n/,
    )
  })

  it('sends the same again, signed anew, when a configuration comes twice', async () => {
    const instance = signed('s3', { adapter, baseURL: server.url })
    const { config } = await instance.post('/a b', { a: 1 }, { params: { q: 'x y' } })
    const before = server.verdicts.length
    await instance.request(config)
    expect(server.verdicts.length).toBe(before + 1)
    await expectArrived(server, 's3', '/a b?q=x y', 'POST')
    expect(Buffer.from(server.lastVerdict?.request.body ?? '').toString()).toBe('{"a":1}')
    expect(header(server, 'authorization')).toHaveLength(1)
  })

  it('hands a redirect back, unless the request asks for redirects', async () => {
    const elsewhere = createServer((_, response) =>
      response.writeHead(302, { location: server.url }).end(),
    )
    const url = `http://127.0.0.1:${await listen(elsewhere)}/`
    const before = server.verdicts.length
    const validateStatus = () => true
    const { status } = await signed('s3', { adapter, validateStatus }).get(url)
    expect([status, server.verdicts.length]).toEqual([302, before])
    await signed('s3', { adapter, validateStatus, maxRedirects: 2 }).get(url)
    expect(server.verdicts.length).toBe(before + 1)
    // Node's fetch, for one, takes only the signature off.
    expect(header(server, 'authorization')).toEqual([])
    if (adapter === 'http') expect(header(server, 'x-amz-security-token')).toEqual([])
    await shut(elsewhere)
  })

  it.each<[string, () => unknown]>([
    ['a stream', () => Readable.from([Buffer.from('text')])],
    ['a form', () => Object.assign(new FormData(), {})],
    ['a blob', () => new Blob(['text'], { type: 'text/plain' })],
  ])('needs payload for %s, and then leaves its content-type to axios', async (name, data) => {
    if (name === 'a stream' && adapter === 'fetch') return
    const before = server.verdicts.length
    const put = signed('s3', { adapter }).put(`${server.url}/k`, data())
    await expect(put).rejects.toMatchObject({ name: 'CountersignError', code: 'invalid-body' })
    expect(server.verdicts.length).toBe(before)
    const form = data()
    if (form instanceof FormData) form.set('a', 'ü')
    const loose = signed('s3', { adapter }, { payload: 'UNSIGNED-PAYLOAD' })
    await loose.put(`${server.url}/k`, form, { headers: { 'content-type': 'multipart/form-data' } })
    expect(outcome(server)).toBe('s3 unsigned')
  })

  it('refuses what would break the signature, before anything is sent', async () => {
    const before = server.verdicts.length
    const auth = { username: 'a', password: 'b' }
    await expect(signed('s3', { adapter, auth }).get(server.url)).rejects.toMatchObject({
      code: 'invalid-options',
    })
    for (const url of ['/relative', '//host/a', `${server.url}/a#b`])
      await expect(signed('s3', { adapter }).get(url)).rejects.toMatchObject({
        code: 'invalid-url',
      })
    expect(server.verdicts.length).toBe(before)
  })

  it.each(['header', 'path', 'body'] as const)('is refused with an altered %s', async (place) => {
    const proxy = await startProxy(server.port, place)
    const sent = signed('execute-api', { adapter }).post(`${proxy.url}/a%20b`, { a: 1 })
    await expect(sent).rejects.toBeInstanceOf(AxiosError)
    expect(outcome(server)).toMatch(/mismatch/)
    proxy.close()
  })
})
