import { canonicalRequest, type HeadersInput, presign, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { api, canonicalOf, expectError, signingDate } from './common.ts'

const url = 'https://example.com/'

const signHeaders = (headers: HeadersInput, options: Partial<typeof api> = {}) =>
  sign({ url, headers }, { ...api, ...options })

/** Fields that clients, proxies and networks rewrite or add. */
const LEFT_OUT = {
  Authorization: 'Bearer token',
  Expect: '100-continue',
  'Keep-Alive': 'timeout=5',
  'Proxy-Authorization': 'Basic eA==',
  'Proxy-Connection': 'close',
  TE: 'trailers',
  Trailer: 'x-checksum',
  'Transfer-Encoding': 'chunked',
  Upgrade: 'h2c',
  'User-Agent': 'test/1',
  'X-Amzn-Trace-Id': 'Root=1-2-3',
  'Accept-Encoding': 'gzip',
  'Content-Length': '0',
  Connection: 'close, X-Hop',
  'X-Hop': '1',
}

describe('headers', () => {
  it('12. what is rewritten on the way is not signed by default', async () => {
    const signed = await signHeaders({ ...LEFT_OUT, 'Content-Type': 'text/plain', 'X-Kept': '1' })
    expect(signed.trace.signedHeaders).toEqual(['content-type', 'host', 'x-amz-date', 'x-kept'])
    for (const name of Object.keys(LEFT_OUT))
      expect(signed.headers, name).toHaveProperty(name.toLowerCase())
  })

  it('12. one list makes both the header block and SignedHeaders', async () => {
    const signed = await signHeaders({ ...LEFT_OUT, 'X-Kept': '1', a: '2', B: '3' })
    const { headers, signedHeaders } = canonicalOf(signed)
    expect(Object.keys(headers)).toEqual(signed.trace.signedHeaders)
    expect(signedHeaders).toBe(signed.trace.signedHeaders.join(';'))
    expect(signed.headers.authorization).toContain(`SignedHeaders=${signedHeaders},`)
    const presigned = await presign({ url, headers: LEFT_OUT }, api)
    expect(presigned.trace.signedHeaders).toEqual(['host'])
    expect(new URL(presigned.url).searchParams.get('X-Amz-SignedHeaders')).toBe('host')
  })

  it('12. the caller can sign what is left out, and leave out what is signed', async () => {
    const { trace } = await sign(
      { url, headers: { ...LEFT_OUT, 'X-One': '1', 'X-Two': '2' } },
      { ...api, signableHeaders: ['Content-Length', 'user-agent'], unsignableHeaders: ['X-One'] },
    )
    expect(trace.signedHeaders).toEqual([
      'content-length',
      'host',
      'user-agent',
      'x-amz-date',
      'x-two',
    ])
  })

  it('12. the canonical request alone keeps to the same list', async () => {
    const stage = await canonicalRequest({ url, headers: LEFT_OUT }, { service: 'execute-api' })
    expect(stage.signedHeaders).not.toContain('user-agent')
    expect(stage.signedHeaders).toContain('host')
  })

  it('13. values are trimmed and runs of blanks collapse to one', async () => {
    const { headers } = canonicalOf(
      await signHeaders({ 'x-a': '  a \t b   "c   d" \t', 'x-b': '' }),
    )
    expect(headers).toMatchObject({ 'x-a': 'a b "c d"', 'x-b': '' })
  })

  it('13. a megabyte of blanks takes linear time', async () => {
    const blanks = ' '.repeat(1_000_000)
    const start = performance.now()
    const { headers } = canonicalOf(
      await signHeaders({ 'x-a': `a${blanks}b`, 'x-b': blanks, 'x-c': `${'a '.repeat(500_000)}b` }),
    )
    expect(performance.now() - start).toBeLessThan(3000)
    expect(headers).toMatchObject({ 'x-a': 'a b', 'x-b': '' })
  })

  it('13. repeated headers are one entry, joined by a comma in order', async () => {
    const inputs: HeadersInput[] = [
      [
        ['X-A', ' 2 '],
        ['x-b', '0'],
        ['x-a', '1  1'],
      ],
      { 'X-A': ['2', '1 1'], 'x-b': '0', 'x-c': undefined },
      new Headers([
        ['x-b', '0'],
        ['x-a', '2'],
        ['x-a', '1 1'],
      ]),
    ]
    for (const input of inputs) {
      const { headers, signedHeaders } = canonicalOf(await signHeaders(input))
      expect(headers['x-a']).toMatch(/^2, ?1 1$/)
      expect(signedHeaders).toBe('host;x-a;x-amz-date;x-b')
    }
    const { headers } = await signHeaders(inputs[1] as HeadersInput)
    expect(headers['x-a']).toBe('2,1 1')
  })

  it.each([
    ['a character outside ISO 8859-1', 'ሴ'],
    ['an unpaired surrogate', '\ud800'],
    ['CR', 'a\rb'],
    ['LF', 'a\nb'],
    ['CRLF and a blank', 'a\r\n b'],
    ['NUL', 'a\0b'],
    ['a number', 1],
    ['null', null],
    ['a boolean', true],
    ['an object', { toString: () => 'a' }],
    ['a symbol', Symbol('a')],
    ['a list with what is no string', ['a', 1]],
  ])('14. a value with or of %s is a typed error that names the header', async (_, value) => {
    const headers = { 'x-odd': value } as unknown as HeadersInput
    await expectError(() => signHeaders(headers), 'invalid-header', /x-odd/)
    await expectError(() => presign({ url, headers }, api), 'invalid-header', /x-odd/)
  })

  it('14. a name that is no token is a typed error that names the header', async () => {
    for (const name of ['x odd', 'x-odd:', 'x-oddé', 'x-odd\n', ''])
      await expectError(() => signHeaders({ [name]: 'a' }), 'invalid-header', /x.odd|""/)
  })

  it('14. a value in ISO 8859-1 is accepted', async () => {
    expect(canonicalOf(await signHeaders({ 'x-a': 'é\tÿ' })).headers['x-a']).toBe('é ÿ')
  })

  it.each([
    ['https://example.com:8443/', 'example.com:8443'],
    ['https://example.com:443/', 'example.com'],
    ['wss://example.com:443/', 'example.com'],
    ['http://example.com:80/', 'example.com'],
    ['ws://example.com:80/', 'example.com'],
    ['http://example.com:443/', 'example.com:443'],
    ['https://example.com:80/', 'example.com:80'],
    ['http://[::1]:9000/', '[::1]:9000'],
    ['https://[2001:db8::1]:443/', '[2001:db8::1]'],
    ['https://user:pass@example.com/', 'example.com'],
    ['HTTPS://user:pass@example.com/a//b@c', 'example.com'],
    ['https://example.com/a//b@c?d=//e@f', 'example.com'],
    ['https://EXAMPLE.com', 'example.com'],
  ])('15. the host of %s is signed as %s', async (given, host) => {
    for (const signed of [await sign({ url: given }, api), await presign({ url: given }, api)]) {
      expect(canonicalOf(signed).headers.host).toBe(host)
      expect(signed.trace.signedHeaders).toContain('host')
      expect(new URL(signed.url).host).toBe(host)
      expect(signed.url).not.toContain('pass')
    }
  })

  it.each(['http://good#@evil/', 'http://evil\\@good/', 'http://good\\@evil/a'])(
    '15. user info ends where a URL parser ends it: %s is refused',
    async (given) => {
      await expectError(() => sign({ url: given }, api), 'invalid-url')
    },
  )

  it('15. host is always signed, even where it is named as not to be', async () => {
    const options = { ...api, unsignableHeaders: ['host', 'Host'] }
    expect((await sign({ url }, options)).trace.signedHeaders).toContain('host')
    const named = await sign({ url, headers: { connection: 'host' } }, options)
    expect(named.trace.signedHeaders).toContain('host')
  })

  it('15. an explicit host header wins, and is what must be sent', async () => {
    const request = { url: 'http://127.0.0.1:9000/a', headers: { Host: 'bucket.example' } }
    for (const signed of [
      await sign(request, api),
      await presign(request, { ...api, signingDate }),
    ]) {
      expect(canonicalOf(signed).headers.host).toBe('bucket.example')
      expect(signed.headers.host).toBe('bucket.example')
      expect(signed.url).toMatch(/^http:\/\/127\.0\.0\.1:9000\/a/)
    }
  })
})
