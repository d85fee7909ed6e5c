import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import { buffer, text } from 'node:stream/consumers'
import { urlToHttpOptions } from 'node:url'
import { createSigner, type ReceivedRequest, sign, verify } from 'countersign'
import { receivedFrom as receivedFromRequest, signedFetch } from 'countersign/fetch'
import { receivedFrom, receivedFromLambda, signRequestOptions } from 'countersign/node-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleKey as credentials } from './support/example-key.ts'
import { listen } from './support/loopback.ts'

const s3 = { service: 's3', region: 'eu-west-1', credentials }
const api = { ...s3, service: 'execute-api' }

const outcome = async (request: ReceivedRequest): Promise<string> => {
  const result = await verify(request, { service: 'any', credentials: () => credentials })
  return result.ok ? `${result.scope.service} ${result.payload}` : result.reason
}

const seen: ReceivedRequest[] = []
const server = createServer(async (request, response) => {
  const received = receivedFrom(request, await buffer(request))
  seen.push(received)
  response.end(await outcome(received))
})
let port: number
beforeAll(async () => {
  port = await listen(server)
})
afterAll(() => server.close())

describe('countersign/node-http, client hand', () => {
  const aws = createSigner(s3)
  const send = async (options: object, body?: string | Uint8Array): Promise<string> => {
    const sent = httpRequest({ ...options, agent: false })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return text(response)
  }

  it.each([
    ['/'],
    ['/bucket/a b/ü+~(1).txt?list-type=2&prefix=my picture (1)'],
    ['//a//b/%2F?x&y=1+2'],
    ['?a=b'],
  ])('signs options that http.request takes, for %s', async (path) => {
    const options = { host: '127.0.0.1', port, path, headers: { 'X-Amz-Meta-A': ['  b ', 'c'] } }
    expect(await send(await signRequestOptions(aws, options))).toBe('s3 verified')
  })

  it.each(['ü', new Uint8Array([0, 255])])('signs a body and says its length', async (body) => {
    const options = { hostname: '127.0.0.1', port, path: '/bucket/key', method: 'PUT' }
    const signed = await signRequestOptions(aws, options, body)
    expect(signed).toMatchObject({ ...options, headers: { 'content-length': '2' } })
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    expect(await send(signed, bytes)).toBe('s3 verified')
    expect(await send(signed, new Uint8Array([1, 2]))).toBe('payload-mismatch')
  })

  it('takes the defaults of http.request, and header fields in one array', async () => {
    const signed = await signRequestOptions(aws, { headers: ['x-amz-meta-a', 'b'] })
    expect(signed).toMatchObject({ method: 'GET', path: '/', headers: { host: 'localhost' } })
    expect(signed.headers.authorization).toContain(
      'host;x-amz-content-sha256;x-amz-date;x-amz-meta-a',
    )
  })

  it.each([
    [{ protocol: 'https:', host: 'a', port: 443 }, 'a'],
    [{ protocol: 'http:', host: 'a', port: 443 }, 'a:443'],
    [{ host: 'a', port: '80' }, 'a'],
    [{ hostname: '::1', port: 8080 }, '[::1]:8080'],
    [{ host: 'a', port: 8080, headers: { Host: 'b.example' } }, 'b.example'],
  ])('%j goes to the host %s', async (options, host) => {
    const { headers } = await signRequestOptions(aws, options)
    expect(headers.host).toBe(host)
  })

  it('takes what urlToHttpOptions makes, and refuses a URL, which has no path', async () => {
    const url = new URL(`http://127.0.0.1:${port}/bucket/key?a=b`)
    expect(await send(await signRequestOptions(aws, urlToHttpOptions(url)))).toBe('s3 verified')
    await expect(signRequestOptions(aws, url)).rejects.toMatchObject({ code: 'invalid-options' })
  })

  it('leaves a stream to its payload word', async () => {
    const options = { host: '127.0.0.1', port, path: '/bucket/key', method: 'PUT' }
    const payload = 'UNSIGNED-PAYLOAD'
    const signed = await signRequestOptions(aws, options, undefined, { payload })
    expect(await send(signed, 'whatever')).toBe('s3 unsigned')
  })
})

describe('countersign/node-http, server hand', () => {
  it('keeps the raw target and the raw header fields', async () => {
    const message = {
      method: 'GET',
      url: '/a/../b//%7e?x=%2b',
      rawHeaders: ['Host', 'h', 'X-A', ' 1', 'x-a', '2'],
    }
    expect(receivedFrom(message)).toEqual({
      method: 'GET',
      url: '/a/../b//%7e?x=%2b',
      headers: [
        ['Host', 'h'],
        ['X-A', ' 1'],
        ['x-a', '2'],
      ],
    })
  })

  it('prefers the target that a mounted router has not cut', () => {
    const message = { method: 'GET', url: '/cut', originalUrl: '/api/cut', rawHeaders: [] }
    expect(receivedFrom(message).url).toBe('/api/cut')
  })

  it('reads HTTP/2: the authority is the host, and split cookies are one', async () => {
    const answers = createHttp2Server(async (request, response) => {
      response.end(await outcome(receivedFrom(request, await buffer(request))))
    })
    const url = `http://localhost:${await listen(answers)}`
    const session = connect(url.replace('localhost', '127.0.0.1'))
    const ask = async (headers: Record<string, string>, cookie: string | string[]) => {
      const stream = session.request({
        ...headers,
        cookie,
        ...{ ':method': 'POST', ':path': '/a%20b?c', ':authority': new URL(url).host },
      })
      stream.end('body')
      return text(stream)
    }
    const { headers } = await sign(
      { method: 'POST', url: `${url}/a%20b?c`, body: 'body', headers: { cookie: 'a=1; b=2' } },
      api,
    )
    expect(await ask(headers, 'a=1; b=2')).toBe('execute-api verified')
    expect(await ask(headers, ['a=1', 'b=2'])).toBe('execute-api verified')
    expect(await ask(headers, ['a=1', 'b=3'])).toBe('signature-mismatch')
    session.close()
    answers.close()
  })
})

describe('countersign/node-http, Lambda function URLs', () => {
  const url = 'https://abc.lambda-url.eu-west-1.on.aws'
  const lambda = { ...s3, service: 'lambda' }

  async function event(body: string | Uint8Array, path = '/a%20b', query = 'x=%2B&y') {
    const headers = { cookie: 'a=1; b=2', 'content-type': 'text/plain' }
    const target = query === '' ? path : `${path}?${query}`
    const signed = await sign({ method: 'POST', url: url + target, headers, body }, lambda)
    const { cookie: _, ...others } = signed.headers
    const binary = typeof body !== 'string'
    return {
      rawPath: path,
      rawQueryString: query,
      cookies: ['a=1', 'b=2'],
      headers: { ...others, host: 'abc.lambda-url.eu-west-1.on.aws', 'x-forwarded-proto': 'https' },
      requestContext: {
        domainName: 'abc.lambda-url.eu-west-1.on.aws',
        http: { method: 'POST' },
      },
      body: binary ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: binary,
    }
  }

  it.each<[string, string | Uint8Array]>([
    ['text', 'ü'],
    ['bytes', new Uint8Array([0, 255, 128])],
  ])('reads %s', async (_, body) => {
    expect(await outcome(receivedFromLambda(await event(body)))).toBe('lambda verified')
    const other = { ...(await event(body)), body: 'AAAA' }
    expect(await outcome(receivedFromLambda(other))).toBe('signature-mismatch')
  })

  it('reads an event without a body, a query, cookies or a host header', async () => {
    const { method, headers } = await sign({ url: `${url}/` }, lambda)
    const { domainName } = (await event('')).requestContext
    const bare = { rawPath: '/', rawQueryString: '', headers, isBase64Encoded: false }
    const requestContext = { domainName, http: { method } }
    expect(await outcome(receivedFromLambda({ ...bare, requestContext }))).toBe('lambda verified')
  })
})

describe('countersign/fetch', () => {
  it('reads a Request, and leaves its body to the handler', async () => {
    const signed = await sign(
      { method: 'PUT', url: 'https://b.s3.amazonaws.com/a b?x=1+2', body: 'text' },
      s3,
    )
    const request = new Request(signed.url, signed as RequestInit)
    expect(await outcome(await receivedFromRequest(request))).toBe('s3 verified')
    expect(await outcome(await receivedFromRequest(request, 'other'))).toBe('payload-mismatch')
    expect(await request.text()).toBe('text')
    await expect(receivedFromRequest(request)).rejects.toThrow(TypeError)
    expect(await outcome(await receivedFromRequest(request, 'text'))).toBe('s3 verified')
  })

  it('takes the host from the headers, else from the URL', async () => {
    const { headers } = await sign({ url: 'https://outside.example/a' }, api)
    const inside = (host?: string) =>
      new Request('https://inside.example/a', { headers: { ...headers, ...(host && { host }) } })
    expect(await outcome(await receivedFromRequest(inside('outside.example')))).toBe(
      'execute-api verified',
    )
    expect(await outcome(await receivedFromRequest(inside()))).toBe('signature-mismatch')
  })

  it('refuses a fragment, which no client sends, and behind which frameworks read a query', async () => {
    const { headers } = await sign({ url: 'https://outside.example/a?b=c' }, api)
    for (const sent of ['/a?b=c#', '/a?b=c#&admin=true', '/a#?b=c'])
      expect(
        await outcome(
          await receivedFromRequest({
            ...{ method: 'GET', url: `https://outside.example${sent}`, body: null },
            headers: new Headers(headers),
          } as never),
        ),
      ).toBe('malformed-authorization')
  })

  it('signedFetch signs what it sends', async () => {
    const awsFetch = signedFetch(api)
    const response = await awsFetch(`http://127.0.0.1:${port}/a?b`, { method: 'POST', body: 'c' })
    expect(await response.text()).toBe('execute-api verified')
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: '/a?b' })
  })
})
