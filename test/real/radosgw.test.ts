import {
  presign,
  type SignedRequest,
  type SigningRequest,
  type SignOptions,
  sign,
} from 'countersign'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { senders } from '../senders.ts'
import { fc } from '../support/properties.ts'
import { describeWithPart, type Radosgw, startRadosgw } from './parts.ts'

const send = senders['node:http with a raw target']

/** Every printable character of ASCII. */
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))

const KEYS = [
  ...["a b/ü+~(1)!*'.txt", '/', '//', '/a//b/', 'a/', ' ', '+', '%', '%2F', '%zz', 'a?b#c'],
  ...['...', '..a/b..', '日本/😀', 'e\u0301', '\u00a0', '\u2028', '\t', '\n', '\u007f', 'é/É'],
  ...['__proto__', 'x-amz-signature=', PRINTABLE.join('')],
]

/** As a caller spells a key: encoded whole, or with all that may stand in a string URL as it is. */
const SPELLINGS = {
  encoded: (key: string) => key.split('/').map(encodeURIComponent).join('/'),
  raw: (key: string) => key.replace(/[%?#\\\0-\x1f\x7f]/g, encodeURIComponent),
}

describeWithPart('radosgw', 'radosgw', () => {
  let radosgw: Radosgw
  let options: SignOptions
  let bucket: string
  beforeAll(async () => {
    radosgw = await startRadosgw()
    options = { service: 's3', region: 'us-east-1', credentials: radosgw.credentials }
    bucket = `${radosgw.endpoint}/bucket1`
    expect((await ask('PUT', bucket)).status).toBe(200)
  })
  afterAll(() => radosgw?.stop())

  const ask = async (method: string, url: string, more: Partial<SigningRequest> = {}) =>
    send(await sign({ method, url, ...more }, options))
  const askPresigned = async (method: string, url: string, more: Partial<SigningRequest> = {}) =>
    send(await presign({ method, url, ...more }, options))

  const cases = KEYS.flatMap((key) =>
    Object.entries(SPELLINGS).map(([name, spell]) => [key, name, spell] as const),
  )

  it.each(cases)('stores and finds the key %j, spelled %s', async (key, _, spell) => {
    const url = `${bucket}/${spell(key)}`
    const there = { status: 200, body: Buffer.from(key) }
    expect((await ask('PUT', url, { body: key })).status).toBe(200)
    expect(await ask('GET', url)).toEqual(there)
    expect((await ask('HEAD', url)).status).toBe(200)
    expect(await askPresigned('GET', url)).toEqual(there)
    const listed = await ask('GET', `${bucket}?prefix=${encodeURIComponent(key)}&encoding-type=url`)
    expect(listed.body.toString()).toContain('<Contents>')
    expect((await ask('DELETE', url)).status).toBe(204)
    expect((await askPresigned('PUT', url, { body: key })).status).toBe(200)
    expect(await ask('GET', url)).toEqual(there)
    expect((await askPresigned('DELETE', url)).status).toBe(204)
    expect((await ask('HEAD', url)).status).toBe(404)
  })

  it('answers each printable character in a key', async () => {
    for (const [index, spell] of Object.values(SPELLINGS).entries())
      await each(PRINTABLE, async (character) => {
        const url = `${bucket}/${index}${spell(character)}z`
        expect((await ask('PUT', url, { body: character })).status).toBe(200)
        expect((await askPresigned('GET', url)).body.toString()).toBe(character)
      })
  })

  const key = fc
    .string({
      unit: fc.oneof(fc.constantFrom(...PRINTABLE, '/', '+', 'ü'), grapheme),
      minLength: 1,
    })
    .filter((text) => !/(^|\/)\.{1,2}(\/|$)|\0/.test(text))

  it('finds or misses 1000 generated keys, and refuses none', async () => {
    const keys = fc.sample(key, { seed: 20150830, numRuns: 1000 })
    const spellings = Object.values(SPELLINGS)
    const answers = await each([...keys.entries()], async ([index, text]) => {
      const url = `${bucket}/${index}/${(spellings[index % 2] as (key: string) => string)(text)}`
      const missing = [await ask('HEAD', url), await askPresigned('GET', url)]
      const stored = await ask('PUT', url, { body: text })
      const found = [await askPresigned('HEAD', url), await ask('GET', url)]
      return [...missing, stored, ...found].map(({ status }) => status).join()
    })
    const odd = keys.filter((_, index) => answers[index] !== '404,404,200,200,200')
    expect(odd).toEqual([])
  })

  it.each([
    ...["prefix=!'()*", 'prefix=a b+c', 'prefix=ü', 'list-type=2&prefix=%2F', 'marker=a=b=c'],
    ...[
      'p[page]=1&p[pageSize]=2',
      'b&a&A',
      'acl',
      'acl=',
      '__proto__=1',
      'prefix=a/b?c',
      'a=~&b=%7e',
    ],
  ])('lists for the query %s', async (query) => {
    expect((await ask('GET', `${bucket}?${query}`)).status).toBe(200)
    expect((await askPresigned('GET', `${bucket}?${query}`)).status).toBe(200)
  })

  it('takes header fields that repeat and hold blanks', async () => {
    const headers = [
      ['X-Amz-Meta-A', '  a   b '],
      ['x-amz-meta-a', 'c'],
      ['content-type', 'text/plain;  charset=utf-8'],
    ] as const
    for (const attempt of [ask, askPresigned])
      expect((await attempt('PUT', `${bucket}/fields`, { headers, body: 'x' })).status).toBe(200)
  })

  const edit = (signed: SignedRequest, headers: Record<string, string>): SignedRequest => ({
    ...signed,
    headers: { ...signed.headers, ...headers },
  })
  const TAMPERED: readonly (readonly [string, (signed: SignedRequest) => SignedRequest])[] = [
    ['another path', (signed) => ({ ...signed, url: signed.url.replace('tamper', 'tampeR') })],
    ['another query', (signed) => ({ ...signed, url: signed.url.replace('x=1', 'x=2') })],
    ['a parameter more', (signed) => ({ ...signed, url: `${signed.url}&acl` })],
    ['another header', (signed) => edit(signed, { 'x-amz-meta-a': 'b' })],
    ['an emptied header', (signed) => edit(signed, { 'x-amz-meta-a': '' })],
    // Without its body, which radosgw leaves on the connection where it refuses a GET.
    ['another method', (signed) => ({ ...signed, method: 'GET', body: null })],
    [
      'another signature',
      (signed) => {
        const other = signed.signature.replace(/./, (digit) => (digit === '0' ? '1' : '0'))
        return JSON.parse(JSON.stringify(signed).replaceAll(signed.signature, other))
      },
    ],
  ]

  it.each(TAMPERED)('refuses a request with %s', async (_, tamper) => {
    const headers = { 'x-amz-meta-a': 'a' }
    const request = { method: 'PUT', url: `${bucket}/tamper?x=1`, headers, body: 'x' }
    for (const verb of [sign, presign]) {
      const signed = await verb(request, options)
      expect((await send(signed)).status).toBe(200)
      expect((await send(tamper(signed))).status).toBe(403)
    }
  })

  it('refuses another body, another secret, and what has expired', async () => {
    const request = { method: 'PUT', url: `${bucket}/refused`, body: 'x' }
    const signed = await sign(request, options)
    const answer = await send({ ...signed, body: 'y' })
    expect(answer.status).toBe(400)
    expect(answer.body.toString()).toContain('<Code>XAmzContentSHA256Mismatch</Code>')
    const credentials = { ...radosgw.credentials, secretAccessKey: 'another' }
    const signingDate = new Date(Date.now() - 3600_000)
    for (const verb of [sign, presign]) {
      expect((await send(await verb(request, { ...options, credentials }))).status).toBe(403)
      expect((await send(await verb(request, { ...options, signingDate }))).status).toBe(403)
    }
  })
})

const grapheme = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })

/** Runs a task for each item, sixteen at a time. */
async function each<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const open = [...items.entries()]
  const work = async () => {
    for (let next = open.shift(); next; next = open.shift()) results[next[0]] = await task(next[1])
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return results
}
