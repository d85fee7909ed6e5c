import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { objectsIn } from '../../src/inputs/literal.ts'
import { readLogged } from '../../src/inputs/logged.ts'
import { readRequest } from '../../src/inputs/request.ts'
import { readSigningLines } from '../../src/inputs/signing-lines.ts'
import { BOUND, growthOf } from '../support/growth.ts'
import { root } from '../support/packed.ts'
import { fc } from '../support/properties.ts'

/** What awscli and the SDK for JavaScript have logged, against the test server with a wrong secret. */
const folder = `${root}/test/cli/logs`
const logOf = (name: string) => readFileSync(`${folder}/${name}.log`, 'utf8')
const logs = readdirSync(folder).map((name) => name.replace('.log', ''))
const loggedOf = (name: string) => readLogged(logOf(name)) ?? {}

const FORM = 'Action=GetCallerIdentity&Version=2011-06-15'
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const HELLO = '853ff93762a06ddbf722c4ebe9ddd66d8f63ddaea97f521c3ecc20da7c976020'

describe('what is logged', () => {
  it.each([
    ['awscli-put-object', 'PUT', '/bucket/a%20b/c%2Bd.txt', { payload: HELLO }],
    ['awscli-list-objects', 'GET', '/bucket?list-type=2&prefix=a%20b%2F&encoding-type=url', {}],
    ['awscli-get-caller-identity', 'POST', '/', { payload: /^ab821ae955788b0e/ }],
    ['awscli-list-tables', 'POST', '/', { payload: /^44136fa355b3678a/ }],
    ['sdk-list-objects', 'GET', '/bucket/?delimiter=%2F&list-type=2&prefix=a%20b%2F', {}],
    [
      ...(['sdk-put-object-json', 'PUT', '/bucket/a%20b/c%2Bd.txt?x-id=PutObject'] as const),
      { body: 'hello, world\n' },
    ],
    ['sdk-list-tables', 'POST', '/', { body: Uint8Array.from(Buffer.from('{"Limit":3}')) }],
    ['sdk-get-caller-identity', 'POST', '/', { body: FORM }],
  ] as const)('%s is a request', (name, method, target, own) => {
    const { request, answer } = loggedOf(name)
    const path = request?.url.replace(/^http:\/\/127\.0\.0\.1:\d+/, '')
    expect([request?.method, path]).toEqual([method, target])
    const { payload, body } = own as { payload?: string | RegExp; body?: unknown }
    if (typeof payload === 'object') expect(request?.payload).toMatch(payload)
    else expect(request?.payload).toBe(payload)
    expect(request?.body).toEqual(body)
    expect(answer).toMatch(/SignatureDoesNotMatch|InvalidSignatureException/)
    expect(readRequest(logOf(name))).toEqual(request)
  })

  it('has what the client has signed', () => {
    const { request, signed } = loggedOf('awscli-presign')
    expect(request).toBeUndefined()
    expect(signed?.canonicalRequest).toMatch(/^GET\n\/bucket\/x\.txt\n.*\nUNSIGNED-PAYLOAD$/s)
    expect(signed?.stringToSign?.split('\n')).toHaveLength(4)
    expect(signed?.signature).toMatch(/^[\da-f]{64}$/)
  })

  it.each(logs)('%s quotes the canonical request of the request that it shows', (name) => {
    const { signed, request } = loggedOf(name)
    const own = request?.headers.find(([field]) => field.toLowerCase() === 'authorization')?.[1]
    if (signed && own) expect(own).toContain(signed.signature)
  })

  it('takes the last call, with its own signature and answer', () => {
    const both = logOf('awscli-get-caller-identity') + logOf('awscli-list-objects')
    expect(readLogged(both)).toEqual(loggedOf('awscli-list-objects'))
    const unanswered = logOf('awscli-list-objects').split('Response body')[0]
    const last = readLogged(logOf('awscli-get-caller-identity') + unanswered)
    expect(last?.request?.url).toContain('/bucket')
    expect(last?.answer ?? '').not.toContain('content-type')
  })

  it.each([
    ['Python without a time', 'DEBUG:botocore.auth:'],
    ['a logger of ones own', '2026-11-28 09:55:53 [DEBUG] botocore.auth: '],
    ['bare lines', ''],
  ])('%s has the same lines', (_, before) => {
    const own = logOf('awscli-presign').replace(/^.* - DEBUG - /gm, before)
    expect(readLogged(own)).toEqual(loggedOf('awscli-presign'))
    expect(readLogged(own.replace(/\n/g, '\r\n'))).toEqual(loggedOf('awscli-presign'))
  })

  it('has the error of a command, and nothing else', () => {
    const text =
      'An error occurred (ExpiredToken) when calling the X operation: The token has expired.'
    expect(readLogged(`\n${text}\n`)).toEqual({
      answer: '<Error><Code>ExpiredToken</Code><Message>The token has expired.</Message></Error>',
    })
  })

  it('states a hash of a body that is not shown', () => {
    const stream = logOf('sdk-put-object-json').replace('"hello, world\\n"', '{"_readable": true}')
    expect(readLogged(stream)?.request).toMatchObject({ payload: HELLO })
    const more = logOf('sdk-list-tables').replace('    34,', '    ... 12 more items,')
    expect(readLogged(more)?.request?.body).toBeUndefined()
  })

  it.each([
    'GET / HTTP/1.1\r\nHost: a.example\r\n\r\nCanonicalRequest:\nGET\n/\n\nhost:a\n\nhost\nx',
    `curl https://a.example -d '{"method":"GET","hostname":"b","path":"/","headers":{}}'`,
    '{"log":{"entries":[{"request":{"method":"GET","url":"https://a.example/","headers":[]}}]}}',
    '<Error><Message>{"$metadata":{}}</Message></Error>',
    '{"message":"Forbidden"}',
    'https://a.example/{}',
    '',
  ])('is not taken for a log: %j', (text) => expect(readLogged(text)).toBeUndefined())
})

describe('an object as a program prints it', () => {
  const read = (text: string) => objectsIn(text).at(-1)

  it.each([
    [`{'a': b'x\\xc3\\xa9\\n', 'b': None}`, { a: 'x\u00e9\n', b: undefined }],
    [`{ a: 'x\\n' +\n    "y'z", b: \`"'\` }`, { a: "x\ny'z", b: `"'` }],
    [`{"a":"\\u00e9\\/\\ud83d\\ude00","b":-1.5}`, { a: '\u00e9/\ud83d\ude00', b: -1.5 }],
    [`{'a': '\\U0001f600\\x41', 'b': (1, 2)}`, { a: '\u{1f600}A', b: [1, 2] }],
    [`{ a: Uint8Array(2) [ 1, 2, string: null ], b: <Buffer 01> }`, { a: [1, 2], b: true }],
    [`it's { a: [Function: x], b: 2026-11-28T09:55:45.000Z }`, { a: [], b: true }],
    [`{ a: 'cut`, { a: 'cut' }],
    ['{ __proto__: 1, b: \\ }', { ['__proto__']: 1, b: true }],
  ])('%s', (text, expected) => {
    const found = read(text) as ReadonlyMap<string, unknown>
    const members = Object.entries(Object.getOwnPropertyDescriptors(expected))
    for (const [name, { value }] of members)
      if (name === 'a' && Array.isArray(value) && value.length === 0)
        expect(found.has(name)).toBe(true)
      else expect(found.get(name)).toEqual(value)
  })

  it('is what JSON has, whatever that is', () => {
    const plain = (value: unknown): unknown =>
      value instanceof Map
        ? Object.fromEntries(Array.from(value, ([name, one]) => [name, plain(one)]))
        : Array.isArray(value)
          ? value.map(plain)
          : value
    const leaf = fc.oneof(fc.string(), fc.integer())
    const object = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(leaf, fc.array(leaf)), {
      minKeys: 1,
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(object, (it) => {
        expect(plain(read(JSON.stringify(it)))).toEqual(it)
      }),
    )
  })
})

describe('a long text', () => {
  it.each<[string, (size: number) => string]>([
    ['of quotes', (size) => `{${"'\\".repeat(size / 2)}`],
    ['of braces', (size) => '{'.repeat(size)],
    ['of objects', (size) => '{}'.repeat(size / 2)],
    ['of lists', (size) => `{${'[],'.repeat(size / 3)}`],
    ['of pluses', (size) => `{a:${"'a'+".repeat(size / 4)}`],
    ['of lines of a signature', (size) => 'CanonicalRequest:\n'.repeat(size / 18)],
    ['of blank lines', (size) => `CanonicalRequest:${'\n'.repeat(size)}`],
    ['of requests', (size) => '<AWSPreparedRequest x, method=GET, url=,'.repeat(size / 40)],
    ['of commas', (size) => `<AWSPreparedRequest x, method=GET, url=${'a,'.repeat(size / 2)}`],
    ['of errors', (size) => 'An error occurred ('.repeat(size / 19)],
    ['of stacks', (size) => `{"$metadata":{},"message":""}${'\n    at '.repeat(size / 8)}`],
  ])('%s is read in a time that grows with it', async (_, make) => {
    const grown = await growthOf(400_000, (size) => {
      const text = make(size)
      return () => [readLogged(text), readSigningLines(text)]
    })
    expect(grown).toBeLessThan(BOUND)
  })
})

it('the hash of an empty body is no body', () =>
  expect(JSON.stringify(loggedOf('awscli-list-objects').request)).not.toContain(
    `"payload":"${EMPTY}"`,
  ))
