import { describe, expect, it } from 'vitest'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import type { HeadersInput } from '../../src/model/types.ts'
import { sigv4a } from '../../src/sigv4a.ts'
import { hostsToTry, isPattern, isSameHost, urlOnWire } from '../../src/verify/authority.ts'
import { parseUsual } from '../../src/verify/authorization.ts'
import { canonicalize, pathAsRead, signedPath } from '../../src/verify/canonicalize.ts'
import { isAmbiguous } from '../../src/verify/path-form.ts'
import { type Reading, readRequest } from '../../src/verify/read.ts'
import { readFields, readReceived, withoutParameters } from '../../src/verify/received.ts'
import { readSigner } from '../../src/verify/statement.ts'

describe('a host', () => {
  it.each([
    ['a', 'A', true],
    ['a:80', 'a', true],
    ['a:443', 'a:80', true],
    ['a:', 'a', true],
    ['a:8080', 'a', false],
    ['a:4430', 'a', false],
    ['a', 'b', false],
    ['a80', 'a', false],
    ['[::1]:443', '[::1]', true],
  ])('%s is that of %s: %s', (one, other, same) => expect(isSameHost(one, other)).toBe(same))

  const PROXIED = ['b:8443', '*.example.com', 'c']
  it.each<[string, readonly string[] | undefined, readonly string[]]>([
    ['a', undefined, ['a']],
    ['a', [], []],
    ['a', ['A:443'], ['a']],
    ['a', PROXIED, ['b:8443', 'c']],
    ['x.example.com', PROXIED, ['x.example.com']],
    ['X.EXAMPLE.COM:443', PROXIED, ['X.EXAMPLE.COM:443']],
    ['x.y.example.com', PROXIED, ['x.y.example.com']],
    ['example.com', PROXIED, ['b:8443', 'c']],
    ['xexample.com', PROXIED, ['b:8443', 'c']],
    ['x.example.com.evil', PROXIED, ['b:8443', 'c']],
    ['b:8443', PROXIED, ['b:8443']],
  ])('%s among %j may have been %j', (own, hosts, tried) =>
    expect(hostsToTry(own, hosts)).toEqual(tried),
  )

  it('is a pattern where it begins as one', () =>
    expect(['*.a', '*a', 'a.*.b', '*.'].map(isPattern)).toEqual([true, false, false, true]))

  it.each<[string, HeadersInput | undefined, string]>([
    ['https://a/b?c', { host: 'x' }, '/b?c'],
    ['https://abc.example.com:8080/b?c', { host: 'x' }, '/b?c'],
    ['https://a', { Host: 'x' }, ''],
    ['https://a?b', [['host', 'x']], '?b'],
    ['https://a/b?u=http://c/d', { host: 'x' }, '/b?u=http://c/d'],
    ['/b?u=http://c/d', { host: 'x' }, '/b?u=http://c/d'],
    ['https://a/b', {}, 'https://a/b'],
    ['https://a/b', undefined, 'https://a/b'],
  ])('in the URL %s with %j leaves %s', (url, headers, left) =>
    expect(urlOnWire(url, headers)).toBe(left),
  )
})

describe('a path', () => {
  const s3 = { pathNormalization: 'none' } as const
  it.each<[string, boolean, boolean]>([
    ['/', false, false],
    ['', false, false],
    ['/a/b', false, false],
    ['/a/', false, false],
    ['//', true, false],
    ['/a//b', true, false],
    ['/.', true, true],
    ['/..', true, true],
    ['/./a', true, true],
    ['/a/../b', true, true],
    ['/a/%2e', true, true],
    ['/a/%2E./b', true, true],
    ['/...', false, false],
    ['/a/.b', false, false],
    ['/a./b', false, false],
    ['/a..', false, false],
    ['/a/..b', false, false],
    ['/a%2f../b', true, true],
    ['/a%2F.%2Fb', true, true],
    ['/a%2f..', true, true],
    ['/..%5Cb', true, true],
    ['/a%5c%2E%2E%5cb', true, true],
    ['/a%5C..', true, true],
    ['/a%00', true, true],
    ['/%2f', false, false],
    ['/a%2f..b%5C', false, false],
    ['/a%252f..%252fb', false, false],
  ])('%s is ambiguous: %s, for S3 %s', (path, normalised, kept) =>
    expect([isAmbiguous(path, {}), isAmbiguous(path, s3)]).toEqual([normalised, kept]),
  )
})

describe('the path that was signed', () => {
  it.each<[string, 'single' | 'double', string]>([
    ['/', 'double', '/'],
    ['/a/b', 'double', '/a/b'],
    ['/a%252Fb', 'double', '/a%2Fb'],
    ['/a%2520b/%25C3%25BC', 'double', '/a%20b/%C3%BC'],
    ['/%2541/%257E', 'double', '/A/~'],
    ['/a/b', 'single', '/a/b'],
    ['/a%2Fb%2F', 'single', '/a%2Fb%2F'],
    ['/a%20b%252F', 'single', '/a%20b%252F'],
  ])('as %s, encoded %s, is %s', (canonical, pathEncoding, path) => {
    const canonicalRequest = `GET\n${canonical}\na=%2F\nhost:h\n\nhost\n`
    const reading = { received: { method: 'GET' }, profile: { pathEncoding } }
    expect(signedPath({ canonicalRequest } as never, reading as never)).toBe(path)
  })

  it.each<[string, 'space' | 'literal' | undefined, string, string]>([
    ['/a+b+', undefined, '/a%20b%20', '/a+b+'],
    ['/a+b+', 'space', '/a%20b%20', '/a+b+'],
    ['/a+b+', 'literal', '/a%2Bb%2B', '/a+b+'],
  ])('%s, with a plus as %s, is %s to S3 and %s to others', (path, plus, s3, others) => {
    expect(pathAsRead(path, { pathEncoding: 'single' }, plus)).toBe(s3)
    expect(pathAsRead(path, {}, plus)).toBe(others)
  })
})

const SCOPE = '20150830/us-east-1/s3/aws4_request'
const DATE = { 'x-amz-date': '20150830T123600Z' }
const SIGNATURE = 'f'.repeat(64)
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=AKID/${SCOPE}, SignedHeaders=host, Signature=${SIGNATURE}`

describe('an Authorization header', () => {
  it.each([
    'AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature=',
    'X Credential=a=b, SignedHeaders=c=d, Signature=',
  ])('%j is read at once', (head) => expect(parseUsual(head)).toBeDefined())

  it.each([
    '',
    'A  Credential=b, SignedHeaders=c, Signature=',
    ' Credential=b, SignedHeaders=c, Signature=',
    'A Credential=, SignedHeaders=c, Signature=',
    'A Credential=b, SignedHeaders=, Signature=',
    'A Credential=b,SignedHeaders=c, Signature=',
    'A Credential=b c, SignedHeaders=d, Signature=',
    'A Credential=b, SignedHeaders=c d, Signature=',
    'A Credential=b, SignedHeaders=c, Signature=d',
    'A A Credential=b, SignedHeaders=c, Signature=',
  ])('%j is not', (head) => expect(parseUsual(head)).toBeUndefined())

  const read = (authorization: string, more: Record<string, string> = DATE, url = '/') =>
    readRequest({ method: 'GET', url, headers: { host: 'h', authorization, ...more } }, {})

  it.each([
    ['as AWS writes it', AUTHORIZATION],
    [
      'in another order, with other blanks and commas',
      `AWS4-HMAC-SHA256  Signature=${SIGNATURE},SignedHeaders=host ,, Credential=AKID/${SCOPE}`.replace(
        '  ',
        ' ',
      ),
    ],
  ])('is read %s', (_, authorization) =>
    expect(read(authorization).statement).toMatchObject({
      ...{ credentialScope: SCOPE, signedHeaders: 'host', signature: SIGNATURE },
      amzDate: '20150830T123600Z',
      claim: {
        placement: 'header',
        accessKeyId: 'AKID',
        signedAt: new Date('2015-08-30T12:36:00Z'),
      },
    }),
  )

  it('has a Date where there is no x-amz-date, which comes first', () => {
    const date = 'Mon, 31 Aug 2015 12:36:00 GMT'
    expect(read(AUTHORIZATION, { date }).statement?.amzDate).toBe('20150831T123600Z')
    expect(read(AUTHORIZATION, { date, ...DATE }).statement?.amzDate).toBe('20150830T123600Z')
  })

  it.each<[string, string, object]>([
    ['Bearer a', 'unsupported-algorithm', { header: 'authorization' }],
    ['x AWS AKID:a', 'unsupported-algorithm', { header: 'authorization' }],
    [
      'Credential=A,SignedHeaders=host,Signature=f',
      'unsupported-algorithm',
      { header: 'authorization' },
    ],
    ['AWS4', 'unsupported-algorithm', { header: 'authorization' }],
    ['x AWS4-', 'unsupported-algorithm', { header: 'authorization' }],
    ['AWS4-HMAC-SHA256', 'malformed-authorization', { header: 'authorization' }],
    [
      AUTHORIZATION.replace('Signature=', 'Sign='),
      'malformed-authorization',
      { header: 'authorization' },
    ],
    [`${AUTHORIZATION}, a=b`, 'malformed-authorization', { header: 'authorization' }],
    [
      AUTHORIZATION.replace('Credential', 'x'),
      'malformed-authorization',
      { header: 'authorization' },
    ],
    [
      AUTHORIZATION.replace('SignedHeaders', 'x'),
      'malformed-authorization',
      { header: 'authorization' },
    ],
    [AUTHORIZATION.replace('HMAC-SHA256', 'X'), 'unsupported-algorithm', { part: 'algorithm' }],
    [AUTHORIZATION.replace('s3/', ''), 'malformed-authorization', { part: 'credential' }],
    [
      AUTHORIZATION.replace('=host', '=Host'),
      'malformed-authorization',
      { part: 'signed-headers' },
    ],
    [AUTHORIZATION.replace(/f$/, 'F'), 'malformed-authorization', { part: 'signature' }],
    [AUTHORIZATION.replace(/=f/, '=x'), 'malformed-authorization', { part: 'signature' }],
  ])('%s is %s', (authorization, reason, about) =>
    expect(read(authorization).refusal).toMatchObject({ reason, about }),
  )

  it('of Version 2 is about nothing', () => {
    const { refusal } = read('AWS AKID:a')
    expect(refusal).toMatchObject({ reason: 'unsupported-algorithm' })
    expect(refusal).not.toHaveProperty('about')
    const inQuery = { method: 'GET', url: '/?a&AWSAccessKeyId=A', headers: { host: 'h' } }
    expect(readRequest(inQuery, {}).refusal).toMatchObject({ reason: 'unsupported-algorithm' })
    for (const url of ['/?AWSAccessKeyIdx=A', '/?xAWSAccessKeyId=A', '/AWSAccessKeyId=A'])
      expect(readRequest({ ...inQuery, url }, {}).refusal?.reason).toBe('missing-authentication')
  })

  it.each(['', 'today', '2015-08-30T12:36:00Z', '20150230T123600Z'])(
    'needs a date that is one: %j',
    (date) =>
      expect(read(AUTHORIZATION, { 'x-amz-date': date }).refusal).toMatchObject({
        ...{ reason: 'missing-authentication', about: { part: 'date' } },
      }),
  )
})

it('a query keeps a token where a header is signed, though one of a URL is only appended', () => {
  const authorization = AUTHORIZATION.replace('/s3/', '/iotdevicegateway/')
  const headers = { host: 'h', authorization, ...DATE }
  const request = { method: 'GET', url: '/?X-Amz-Security-Token=a&b', headers }
  const canonical = canonicalize(readRequest(request, {}) as Reading, 'x', undefined)
  expect(canonical.split('\n')[2]).toBe('X-Amz-Security-Token=a&b=')
})

const QUERY = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': `AKID/${SCOPE}`,
  'X-Amz-Date': '20150830T123600Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': SIGNATURE,
}

describe('a presigned URL', () => {
  const read = (change: Record<string, string | undefined> = {}, more = '') => {
    const fields = Object.entries({ ...QUERY, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    )
    const url = `/?${fields.join('&')}${more}`
    return readRequest({ method: 'GET', url, headers: { host: 'h' } }, {})
  }

  it('is read', () =>
    expect(read().statement).toMatchObject({
      claim: { placement: 'query', expiresIn: 60, signedHeaders: ['host'] },
    }))

  it.each(Object.keys(QUERY))('lacks %s where it is not there, or empty', (parameter) => {
    for (const value of [undefined, ''])
      expect(read({ [parameter]: value }).refusal).toMatchObject({
        ...{ reason: 'malformed-authorization', about: { parameter } },
        message: expect.stringContaining(parameter),
      })
  })

  it.each(['x', '-1', '1.5', '1e3', '1234567890', ' 1', '1 '])('expires after no %j', (seconds) =>
    expect(read({ 'X-Amz-Expires': seconds }).statement?.claim.expiresIn).toBeNaN(),
  )

  it('has a date that is one', () =>
    expect(read({ 'X-Amz-Date': 'x' }).refusal).toMatchObject({
      ...{ reason: 'malformed-authorization', about: { part: 'date' } },
    }))

  it.each(['&X-Amz-Date=a', '&x-amz-date=a', '&X-Amz-%44ate=a', '&%58-Amz-Date=a', '&X-AMZ-DATE'])(
    'has no parameter twice, in any spelling: %s',
    (more) =>
      expect(read({}, more).refusal).toMatchObject({
        ...{ reason: 'malformed-authorization', message: expect.stringContaining('twice') },
        about: { parameter: expect.stringMatching(/^x-amz-date$/i) },
      }),
  )

  it.each([
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Signature',
    'x-amz-signature',
    'X-Amz-SignedHeaders',
  ])('is not signed in its header too: %s', (name) => {
    const headers = { host: 'h', authorization: AUTHORIZATION, ...DATE }
    expect(readRequest({ method: 'GET', url: `/?${name}=a`, headers }, {}).refusal).toMatchObject({
      about: { part: 'placement' },
    })
  })

  it('is none where no parameter of a signature is there', () => {
    const request = {
      method: 'GET',
      url: '/?X-Amz-Date=a&x=X-Amz-Signature',
      headers: { host: 'h' },
    }
    expect(readRequest(request, {}).refusal?.reason).toBe('missing-authentication')
    const empty = { ...request, headers: { host: 'h', authorization: '' } }
    expect(readRequest(empty, {}).refusal?.reason).toBe('missing-authentication')
  })
})

describe('who signs', () => {
  const read = (credential: string, names = 'host', algorithms = [sigv4]) =>
    readSigner(algorithms, algorithms[0]?.name ?? '', credential, names)

  it.each<[string, string]>([
    [`AKID/${SCOPE}`, 'AKID'],
    [`a/b=!~/${SCOPE}`, 'a/b=!~'],
    ['A/20150830/!.0~/-/aws4_request', 'A'],
  ])('%s is %s', (credential, accessKeyId) =>
    expect(read(credential)).toMatchObject({
      ...{ accessKeyId, credentialScope: credential.slice(accessKeyId.length + 1) },
    }),
  )

  it.each([
    ...['', SCOPE, `/${SCOPE}`, `A/${SCOPE}x`, `xA B/${SCOPE}`, 'A/2015083/r/s/aws4_request'],
    ...['A/20150830/r/aws4_request', 'A/20150830//s/aws4_request', 'A/20150830/r//aws4_request'],
    ...['A/20150830/r/s/aws4-request', 'A/20150830/r b/s/aws4_request', `A/x${SCOPE}`],
    ...['A/20150830/r/s\n/aws4_request', `A/${SCOPE}\n`, `\u00e9/${SCOPE}`],
  ])('%j is nobody', (credential) =>
    expect(read(credential)).toMatchObject({ about: { part: 'credential' } }),
  )

  it('of SigV4a has no region in the scope', () => {
    for (const id of ['A', 'AKID', 'a/b'])
      expect(read(`${id}/20150830/s3/aws4_request`, 'host', [sigv4a])).toMatchObject({
        ...{ accessKeyId: id, scope: { date: '20150830', service: 's3' } },
      })
    for (const credential of [
      'A B/20150830/s3/aws4_request',
      '\u00e9A/20150830/s3/aws4_request',
      'A/20150830/s 3/aws4_request',
      'A/2015083/s3/aws4_request',
      'A/20150830//aws4_request',
      '/20150830/s3/aws4_request',
      'A/20150830/s3/aws4_requestx',
    ])
      expect(read(credential, 'host', [sigv4a])).toMatchObject({ about: { part: 'credential' } })
  })

  it.each(['host', ':authority', 'a;host', ':authority;x', "!#$%&'*+.^_`|~-09az;b"])(
    'signs %s',
    (names) => expect(read(`A/${SCOPE}`, names)).toMatchObject({ signedHeaders: names.split(';') }),
  )

  it.each([
    '',
    ';',
    'a;',
    ';a',
    'a;;b',
    'A',
    'a b',
    ':path',
    'a;:path',
    'a;a',
    'a\n',
    'host;Host',
    'x:authority',
  ])('signs no %j', (names) =>
    expect(read(`A/${SCOPE}`, names)).toMatchObject({ about: { part: 'signed-headers' } }),
  )

  it('names what is supported where an algorithm is not', () => {
    const refused = readSigner([sigv4, sigv4a], 'X', `A/${SCOPE}`, 'host')
    expect(refused).toMatchObject({
      message: 'This server only supports AWS4-HMAC-SHA256, AWS4-ECDSA-P256-SHA256.',
    })
  })

  it('is frozen, as many callers are given it', () => {
    const signer = read(`A/${SCOPE}`) as unknown as { scope: object; signedHeaders: object }
    expect(Object.isFrozen(signer.scope) && Object.isFrozen(signer.signedHeaders)).toBe(true)
  })

  it('tells its regions where it signs, with SigV4a', () => {
    const authorization = `AWS4-ECDSA-P256-SHA256 Credential=A/20150830/s3/aws4_request, SignedHeaders=host, Signature=30${'ab'.repeat(70)}`
    const headers = { host: 'h', authorization, ...DATE }
    const read = (headers: Record<string, string>, url = '/') =>
      readRequest({ method: 'GET', url, headers }, { algorithm: [sigv4, sigv4a] })
    expect(read({ ...headers, 'x-amz-region-set': 'a , b' }).statement?.claim.scope).toEqual({
      ...{ date: '20150830', service: 's3', regionSet: ['a', 'b'] },
    })
    expect(read(headers).refusal).toMatchObject({ about: { part: 'region' } })
    const own = { ...QUERY, 'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256' }
    const query = new URLSearchParams({
      ...{ ...own, 'X-Amz-Credential': 'A/20150830/s3/aws4_request' },
      'X-Amz-Signature': `30${'ab'.repeat(70)}`,
    })
    const url = `/?${query}&X-Amz-Region-Set=c`
    expect(read({ host: 'h' }, url).statement?.claim.scope.regionSet).toEqual(['c'])
  })
})

describe('what was received', () => {
  const read = (more: object) => readReceived({ method: 'GET', url: '/', ...more }, {})

  it.each<[HeadersInput, object, string | undefined]>([
    [{ A: '1' }, { a: '1' }, undefined],
    [[['A', '1']], { a: '1' }, undefined],
    [{ ':authority': 'h', a: '1' }, { host: 'h', a: '1' }, 'h'],
    [
      [
        [':authority', 'h'],
        ['host', 'i'],
      ],
      { host: 'i' },
      'h',
    ],
    [{ ':path': '/' }, {}, undefined],
    [{ a: '\x01' }, { a: '\x01' }, undefined],
  ])('%j are the fields %j', (input, fields, authority) => {
    const [read, told] = readFields(input)
    expect([read, told]).toEqual([fields, authority])
  })

  it.each(['a\nb', 'a\rb', 'a\0b'])('has no field %j', (value) => {
    for (const headers of [{ a: value }, { ':authority': value }, [['a', value]]])
      expect(read({ headers })).toMatchObject({
        ...{ reason: 'malformed-authorization', about: {} },
        message: 'A header cannot be read.',
      })
  })

  it.each(['a', '/#', '/\\', 'ftp://a/', '@', '/\n'])('has no target %j', (url) =>
    expect(read({ url })).toMatchObject({
      ...{ reason: 'malformed-authorization', about: { part: 'url' } },
    }),
  )

  it('has a host of its URL, where no field tells it', () => {
    expect(read({ url: 'https://h/a' })).toMatchObject({ fields: { host: 'h' }, path: '/a' })
    expect(read({ url: 'https://h/a', headers: { host: 'h' } })).toMatchObject({ otherHost: false })
    expect(read({ url: 'https://h/a', headers: { host: 'i' } })).toMatchObject({ otherHost: true })
    const other = { url: 'https://h/a', headers: { host: 'i' } }
    expect(read({ ...other, duplex: undefined })).toMatchObject({ otherHost: false })
    // JSON can say so of itself.
    expect(read({ ...other, trace: {}, duplex: null })).toMatchObject({ otherHost: true })
    expect(read({ headers: { ':authority': 'h', host: 'i' } })).toMatchObject({ otherHost: true })
  })

  it('is bounded', () => {
    const most = 0x200000
    expect(read({ url: `/${'a'.repeat(most - 1)}` })).toHaveProperty('path')
    expect(read({ url: `/${'a'.repeat(most)}` })).toMatchObject({ about: { part: 'url' } })
    const authorization = 'a'.repeat(0x100000)
    expect(read({ headers: { authorization } })).toHaveProperty('fields')
    expect(read({ headers: { authorization: `${authorization}a` } })).toMatchObject({
      about: { header: 'authorization' },
    })
  })

  it('has a + in its query as a blank, or as itself', () => {
    const request = { method: 'GET', url: '/a+b?c=d+e+f' }
    expect(readReceived(request, {})).toMatchObject({ path: '/a+b', query: 'c=d%20e%20f' })
    expect(readReceived(request, { plus: 'literal' })).toMatchObject({
      ...{ path: '/a+b', query: 'c=d%2Be%2Bf' },
    })
  })

  it('has the parameters of a signature and of its session token, decoded', () => {
    const parametersOf = (url: string, sessionTokenName?: string) => {
      const received = readReceived({ method: 'GET', url }, { sessionTokenName })
      return 'parameters' in received ? Object.fromEntries(received.parameters) : received
    }
    expect(parametersOf('/?a=1&X-Amz-B=c%2Fd&x-amz-e&%58-Amz-F=g')).toEqual({
      ...{ 'X-Amz-B': 'c/d', 'x-amz-e': '', 'X-Amz-F': 'g' },
    })
    expect(parametersOf('/?X-My-Token=a&%58-My-%54oken2=b', 'x-my-token')).toEqual({
      'X-My-Token': 'a',
    })
    expect(parametersOf('/?%58-My-Token=a', 'x-my-token')).toEqual({ 'X-My-Token': 'a' })
    expect(parametersOf('/?x=X-Amz-B&aX-Amz-C=1')).toEqual({})
    expect(parametersOf('/?a=%58&X-Amz-B=1=2')).toEqual({ 'X-Amz-B': '1=2' })
  })

  it.each([
    ['a=1&b=2&c', ['b'], 'a=1&c'],
    ['a&%61=1&ab', ['a'], 'ab'],
    ['', ['a'], ''],
    ['a=b=c', ['b'], 'a=b=c'],
  ])('%s without %j is %s', (query, names, left) =>
    expect(withoutParameters(query, names)).toBe(left),
  )
})
