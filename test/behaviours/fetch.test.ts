import { type Credentials, createSigner, presign, type SignerOptions, sign } from 'countersign'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api, credentials, expectError, s3, signingDate } from './common.ts'
import { type Answer, type Loopback, s3Skew, serve, signedAt } from './loopback.ts'

const servers: Loopback[] = []

async function start(answer: Answer): Promise<Loopback> {
  const server = await serve(answer)
  servers.push(server)
  return server
}

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const signer = (options: Partial<SignerOptions> = {}) =>
  createSigner({ service: 's3', region: 'us-east-1', credentials, ...options })

const signatures = (server: Loopback) =>
  server.requests.map(
    ({ headers }) => /Signature=([\da-f]{64})$/.exec(`${headers.authorization}`)?.[1],
  )

/** Answers with each of these, and with the last for ever; time moves on between. */
const inTurn =
  (...statuses: number[]): Answer =>
  (_, response, nth) => {
    vi.setSystemTime(Date.now() + 10_000)
    response.writeHead(statuses[nth - 1] ?? statuses[statuses.length - 1] ?? 200).end('answer')
  }

const stream = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('once'))
      controller.close()
    },
  })

describe('fetch', () => {
  it('25. sends the signed request as it was signed', async () => {
    const server = await start(inTurn(200))
    vi.useFakeTimers({ toFake: ['Date'], now: signingDate })
    const init = { method: 'PUT', body: 'é', headers: { 'x-a': '1' } }
    const response = await signer().fetch(`${server.url}a//b?c=d e`, init)
    expect(await response.text()).toBe('answer')
    const { url, headers } = await sign({ url: `${server.url}a//b?c=d e`, ...init }, s3)
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({ method: 'PUT', target: '/a//b?c=d%20e', body: 'é' })
    expect(server.requests[0]?.headers).toMatchObject(headers)
    expect(url).toBe(`${server.url}a//b?c=d%20e`)
  })

  it('25. takes a URL or a Request, with an init that overrides it', async () => {
    const server = await start(inTurn(200))
    const request = () =>
      new Request(server.url, { method: 'POST', body: 'a', headers: { 'x-a': '1' } })
    await signer().fetch(request())
    await signer().fetch(request(), { headers: { 'x-b': '2' }, body: 'b' })
    await signer().fetch(new URL('b?c', server.url))
    expect(server.requests.map(({ method, target, body }) => [method, target, body])).toEqual([
      ['POST', '/', 'a'],
      ['POST', '/', 'b'],
      ['GET', '/b?c', ''],
    ])
    expect(server.requests[0]?.headers).toHaveProperty('x-a', '1')
    expect(server.requests[1]?.headers).toHaveProperty('x-b', '2')
    expect(server.requests[1]?.headers).not.toHaveProperty('x-a')
  })

  it.each([503, 500, 429])('25. a retry after %d signs again', async (status) => {
    const server = await start(inTurn(status, 200))
    vi.useFakeTimers({ toFake: ['Date'], now: signingDate })
    const response = await signer({ retries: 1 }).fetch(server.url, {
      method: 'PUT',
      body: 'again',
    })
    expect(response.status).toBe(200)
    expect(server.requests.map(({ body }) => body)).toEqual(['again', 'again'])
    const [first, second] = signatures(server)
    expect(first).toBeDefined()
    expect(second).toBeDefined()
    expect(second).not.toBe(first)
    expect(server.requests.map(signedAt)).toEqual([+signingDate, +signingDate + 10_000])
  })

  it('25. there are as many retries as asked, none by default', async () => {
    const server = await start(inTurn(503))
    vi.useFakeTimers({ toFake: ['Date'], now: signingDate })
    expect((await signer().fetch(server.url)).status).toBe(503)
    expect(server.requests).toHaveLength(1)
    const response = await signer({ retries: 2 }).fetch(server.url)
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('answer')
    expect(server.requests).toHaveLength(4)
  })

  it('25. an answer that is no fault of the moment is not retried', async () => {
    const server = await start(inTurn(404))
    expect((await signer({ retries: 3 }).fetch(server.url)).status).toBe(404)
    expect(server.requests).toHaveLength(1)
  })

  it('25. a Request whose body is bytes is retried with its body', async () => {
    const server = await start(inTurn(503, 200))
    const request = new Request(server.url, { method: 'POST', body: 'again' })
    expect((await signer({ retries: 1 }).fetch(request)).status).toBe(200)
    expect(server.requests.map(({ body }) => body)).toEqual(['again', 'again'])
  })

  it('25. a one-shot body is not retried, neither after 503 nor for the clock', async () => {
    const late: Answer = (seen, response) =>
      void response.writeHead(403).end(s3Skew(signedAt(seen), Date.now() + 3_600_000))
    for (const answer of [inTurn(503, 200), late]) {
      const server = await start(answer)
      vi.useFakeTimers({ toFake: ['Date'] })
      const init = { method: 'PUT', body: stream(), duplex: 'half' } as RequestInit
      const aws = signer({ retries: 3, payload: 'UNSIGNED-PAYLOAD' })
      const response = await aws.fetch(server.url, init)
      expect(response.status).toBeGreaterThanOrEqual(403)
      expect(await response.text()).not.toBe('')
      expect(server.requests.map(({ body }) => body)).toEqual(['once'])
    }
  })

  it.each([301, 302, 307, 308])(
    '25. a %d is not followed with the old signature',
    async (status) => {
      const there = await start(inTurn(200))
      const here = await start((seen, response) => {
        const location = seen.target === '/same' ? '/there' : there.url
        response.writeHead(seen.target === '/there' ? 200 : status, { location }).end()
      })
      for (const from of ['same', 'other']) {
        for (const input of [`${here.url}${from}`, new Request(`${here.url}${from}`)]) {
          const response = await signer({ retries: 2 }).fetch(input)
          expect(response.status).toBe(status)
        }
      }
      expect(there.requests).toEqual([])
      expect(here.requests.map(({ target }) => target)).not.toContain('/there')
    },
  )

  it('25. a request signed twice has one signature: the second', async () => {
    const request = { method: 'PUT', url: 'https://example.com/a', body: 'b' }
    const temporary: Credentials = { ...credentials, sessionToken: 'first' }
    for (const options of [s3, api]) {
      const first = await sign(request, { ...options, credentials: temporary })
      const second = { ...options, signingDate: new Date('2015-08-31T00:00:00Z') }
      const last = { ...second, credentials: { ...credentials, sessionToken: 'second' } }
      expect(await sign(first, last)).toEqual(await sign(request, last))
    }
  })

  it('25. a signed Request is signed anew by fetch', async () => {
    const server = await start(inTurn(200))
    const aws = signer()
    const signed = await aws.sign({ url: server.url })
    await aws.fetch(new Request(signed.url, signed as RequestInit))
    expect(server.requests[0]?.headers.authorization?.match(/Signature=/g)).toHaveLength(1)
  })

  it('25. a request is never signed in both the header and the query', async () => {
    const request = { url: 'https://example.com/a' }
    const presigned = await presign(await sign(request, s3), s3)
    expect(presigned.headers).not.toHaveProperty('authorization')
    const { url } = await presign(request, s3)
    await expectError(() => sign({ url }, s3), 'invalid-url')
  })

  it('25. an expired token is renewed once, where a provider can', async () => {
    let token = 'old'
    const provider = vi.fn(async () => {
      const expiration = new Date(Date.now() + 3_600_000)
      const answer = { ...credentials, sessionToken: token, expiration }
      token = 'new'
      return answer
    })
    const server = await start(({ headers }, response) => {
      const old = headers['x-amz-security-token'] !== 'new'
      response.writeHead(old ? 400 : 200)
      response.end(old ? '<Error><Code>ExpiredToken</Code></Error>' : 'done')
    })
    expect((await signer({ credentials: provider }).fetch(server.url)).status).toBe(200)
    expect(provider).toHaveBeenCalledTimes(2)
    expect(server.requests).toHaveLength(2)
    const fixed = { ...credentials, sessionToken: 'old' }
    expect((await signer({ credentials: fixed }).fetch(server.url)).status).toBe(400)
    expect(server.requests).toHaveLength(3)
    const stuck = signer({ credentials: async () => fixed })
    expect((await stuck.fetch(server.url)).status).toBe(400)
    expect(server.requests).toHaveLength(5)
  })
})
