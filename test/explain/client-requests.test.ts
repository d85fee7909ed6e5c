import { AxiosHeaders } from 'axios'
import {
  type CountersignError,
  explain,
  type FetchRequest,
  presign,
  type SigningRequest,
  type SignOptions,
  sign,
} from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { SHAPES, server } from './answers.ts'
import { KEY, NOW, onWire, SECRET, TEMPORARY } from './client-case.ts'

const url = 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items?a=1'
const options: SignOptions = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}
const { service, region } = options
const body = '{"a":1}'
const request = { method: 'POST', url, headers: { 'x-custom': 'abc' }, body }
const answer = SHAPES["API Gateway's JSON"] as (typeof SHAPES)[string]

/** The answer of a server that read x-custom in upper case. */
async function answered(): Promise<string> {
  const wire = onWire(await sign(request, options))
  const headers = wire.headers.map(
    ([name, value]) => [name, name === 'x-custom' ? value.toUpperCase() : value] as const,
  )
  return answer(server({ ...wire, headers }, { secret: SECRET }))
}

/** The same request in every shape in which a client has it at hand, signed. */
const SIGNED: Readonly<Record<string, () => Promise<SigningRequest | FetchRequest>>> = {
  'what sign returned': () => sign(request, options),
  'what sign returned, with a URL': async () => {
    const signed = await sign(request, options)
    return { ...signed, url: new URL(`${signed.url}#part`) }
  },
  'a Request': async () => {
    const signed = await sign(request, options)
    return new Request(signed.url, { method: signed.method, headers: signed.headers, body })
  },
  'a Request-like object, whose headers are a list': async () => {
    const { headers, ...signed } = await sign(request, options)
    return { ...signed, headers: Object.entries(headers), method: 'post' }
  },
  'the config of an axios request': async () => {
    const signed = await sign(request, options)
    const headers = new AxiosHeaders({ ...signed.headers, 'Content-Length': '7', Accept: false })
    const config = { method: 'post', url: signed.url, headers, data: body }
    return {
      method: config.method,
      url: config.url,
      headers: [...headers] as [string, string][],
      body: config.data,
    }
  },
  'axios headers as they are': async () => {
    const signed = await sign(request, options)
    const headers = new AxiosHeaders({ ...signed.headers, 'content-length': 7 })
    return { ...signed, method: 'post', headers: headers as unknown as Record<string, string> }
  },
  'bytes, in a view': async () => {
    const signed = await sign(request, options)
    const bytes = new TextEncoder().encode(`..${body}..`)
    return { ...signed, body: new DataView(bytes.buffer, 2, body.length) }
  },
  'bytes, in an ArrayBuffer': async () => ({
    ...(await sign(request, options)),
    body: new TextEncoder().encode(body).buffer as ArrayBuffer,
  }),
}

describe('a request as it was sent', () => {
  it.each(Object.entries(SIGNED))('as %s', async (_, make) => {
    expect((await explain(await make(), options)).matches).toBe(true)
    const why = await explain(await make(), { ...options, serverError: await answered() })
    expect([why.causes, why.certain]).toEqual([['header-case'], true])
    expect(why.differences[0]).toMatchObject({ ours: 'x-custom:abc', theirs: 'x-custom:ABC' })
  })

  it('not signed yet, is signed as of the date that the answer speaks of', async () => {
    const { signingDate, ...rest } = options
    expect(signingDate).toBeDefined()
    const why = await explain(request, { ...rest, serverError: await answered() })
    expect([why.causes, why.certain]).toEqual([['header-case'], true])
  })

  it('leaves a Request unread', async () => {
    const signed = await sign(request, options)
    const sent = new Request(signed.url, { ...signed, body })
    await explain(sent, options)
    expect(await sent.text()).toBe(body)
  })

  it('demands a Request that is not read yet, unless a header tells its hash', async () => {
    const signed = await sign(request, options)
    const read = new Request(signed.url, { ...signed, body })
    await read.text()
    const failed = await explain(read, options).catch((error: CountersignError) => error.code)
    expect(failed).toBe('invalid-body')
    const s3 = await sign(request, { ...options, service: 's3' })
    const told = new Request(s3.url, { ...s3, body })
    await told.text()
    expect((await explain(told, { ...options, service: 's3' })).matches).toBe(true)
  })

  it('takes a stream whose hash is given', async () => {
    const given = { ...options, payload: 'a'.repeat(64) }
    const stream = { ...request, body: new ReadableStream() }
    expect((await explain(stream, given)).matches).toBe(true)
    const signed = { ...(await sign(stream, given)), body: stream.body }
    expect((await explain(signed, given)).matches).toBe(true)
  })

  it('takes a presigned URL, and says when its time is over', async () => {
    const signed = await presign({ url }, { ...options, expiresIn: 60 })
    const why = await explain({ url: signed.url }, options)
    expect([why.cause, why.certain]).toEqual(['expired', true])
    const read = server(onWire({ ...signed, url: signed.url.replace('/prod', '') }))
    const other = await explain({ url: signed.url }, { ...options, serverError: answer(read) })
    expect(other.causes).toEqual(['path-prefix'])
  })
})

describe('whose side it is', () => {
  const unsigned = { method: 'GET', url }

  it('is the client’s with credentials, with a provider, and with an answer', async () => {
    expect((await explain(unsigned, { service, region, credentials: KEY })).matches).toBe(true)
    const provider = () => Promise.resolve(KEY)
    expect((await explain(unsigned, { service, region, credentials: provider })).matches).toBe(true)
    const memoized = (_options?: unknown) => Promise.resolve(KEY)
    const withAnswer = { service, region, credentials: memoized, serverError: '' }
    expect((await explain(unsigned, withAnswer)).matches).toBe(true)
  })

  it.each([
    ['a lookup by key id', unsigned, { credentials: (_id: string) => KEY }],
    ['an option of a server', unsigned, { credentials: () => KEY, now: NOW }],
    ['several services', unsigned, { credentials: () => KEY, service: ['s3', 'sts'] }],
    ['a raw request target', { ...unsigned, url: '/a' }, { credentials: () => KEY }],
    ['a host that arrived', { ...unsigned, headers: { Host: 'a' } }, { credentials: () => KEY }],
  ])('is the server’s with %s', async (_, received, given) => {
    const why = await explain(received, { service, region, ...given })
    expect(why.cause).toBe('not-signed')
  })

  it('is told apart by the synchronous form too', () => {
    expect(sync.explain(unsigned, { service, region, credentials: KEY }).matches).toBe(true)
    expect(sync.explain(unsigned, { service, credentials: (_id) => KEY }).cause).toBe('not-signed')
  })
})

describe('the key of a client', () => {
  it('may have expired', async () => {
    const credentials = { ...TEMPORARY, expiration: new Date(Date.now() - 1000) }
    const why = await explain({ url }, { ...options, credentials })
    expect([why.cause, why.certain]).toEqual(['token-expired', true])
  })

  it('may be a derived one, without its secret', async () => {
    const signingKey = sync.deriveSigningKey(SECRET, { signingDate: NOW, service, region })
    const scope = { date: '20261124', region, service }
    const credentials = { accessKeyId: KEY.accessKeyId, signingKey, scope }
    const given = { ...options, credentials }
    expect((await explain(request, given)).matches).toBe(true)
    const why = await explain(request, { ...given, serverError: await answered() })
    expect(why.causes).toEqual(['header-case'])
    const wrong = await sign(
      { url: url.replace('prod', 'prod/%20') },
      { ...given, pathEncoding: 'single' },
    )
    expect((await explain(wrong, given)).causes).toEqual(['path-single-encoded'])
  })
})
