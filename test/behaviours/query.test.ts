import { presign, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { api, canonicalOf, expectError, s3 } from './common.ts'

const HOST = 'https://bucket.example'

const signQuery = (query: string) => sign({ url: `${HOST}/?${query}` }, s3)

const canonicalQuery = async (query: string) => canonicalOf(await signQuery(query)).query

/** The query as the sender puts it on the wire. */
const wireQuery = async (query: string) => (await signQuery(query)).url.slice(`${HOST}/?`.length)

describe('query', () => {
  it('7. parameters are sorted after encoding', async () => {
    expect(await canonicalQuery('p[pageSize]=2&p[page]=1')).toBe('p%5Bpage%5D=1&p%5BpageSize%5D=2')
  })

  it('7. parameters are sorted by name and then by value, by code unit', async () => {
    expect(await canonicalQuery('a-b=1&a=2&a0=1&a%20=3&a=1')).toBe('a=1&a=2&a%20=3&a-b=1&a0=1')
    expect(await canonicalQuery('a=2&B=1&A=3&_=4')).toBe('A=3&B=1&_=4&a=2')
    expect(await canonicalQuery('a=z&a=Z&a=%C3%A9&a=~&a=')).toBe('a=&a=%C3%A9&a=Z&a=z&a=~')
  })

  it('7. the wire keeps the order that was given', async () => {
    expect(await wireQuery('b=2&a=1')).toBe('b=2&a=1')
  })

  it('8. a blank is %20 in the returned URL and in the canonical form, never +', async () => {
    expect(await wireQuery('q=a b+c&d+e=f')).toBe('q=a%20b%20c&d%20e=f')
    expect(await canonicalQuery('q=a b+c&d+e=f')).toBe('d%20e=f&q=a%20b%20c')
    expect(await wireQuery('q=a%2Bb')).toBe('q=a%2Bb')
    expect(await canonicalQuery('q=a%2bb')).toBe('q=a%2Bb')
  })

  it('8. a blank is %20 in a presigned URL, also in a value that was moved there', async () => {
    const { url } = await presign(
      { url: `${HOST}/?q=a+b`, headers: { 'x-amz-meta-note': 'a b+c' } },
      { ...s3, hoistableHeaders: ['x-amz-meta-note'] },
    )
    expect(url).toMatch(/[?&]q=a%20b&/)
    expect(url).toMatch(/[?&]x-amz-meta-note=a%20b%2Bc&/i)
    expect(url).not.toContain('+')
  })

  it("9. !'()* are encoded in values", async () => {
    const canonical = {
      "response-content-disposition=attachment; filename*=UTF-8''x (1).txt":
        'response-content-disposition=attachment%3B%20filename%2A%3DUTF-8%27%27x%20%281%29.txt',
      'prefix=my picture (1)': 'prefix=my%20picture%20%281%29',
      "a=!'()*": 'a=%21%27%28%29%2A',
      'a=/:@,;$?~': 'a=%2F%3A%40%2C%3B%24%3F~',
    }
    for (const [query, expected] of Object.entries(canonical))
      expect(await canonicalQuery(query)).toBe(expected)
    expect(await wireQuery('prefix=my picture (1)')).toBe('prefix=my%20picture%20(1)')
  })

  it('9. every spelling of a value has the one canonical form', async () => {
    expect(await canonicalQuery('a=%7e%c3%a9%2f%zz%')).toBe('a=~%C3%A9%2F%25zz%25')
  })

  it('10. a key without a value canonicalises to key=', async () => {
    expect(await canonicalQuery('lifecycle')).toBe('lifecycle=')
    expect(await canonicalQuery('b&a=')).toBe('a=&b=')
    expect(await wireQuery('lifecycle')).toBe('lifecycle')
  })

  it('10. duplicate keys are all kept, sorted by value', async () => {
    expect(await canonicalQuery('a=2&a=1&a=2&b')).toBe('a=1&a=2&a=2&b=')
    expect(await wireQuery('a=2&a=1&a=2')).toBe('a=2&a=1&a=2')
  })

  it('10. __proto__, an empty key, a=b=c and && survive', async () => {
    expect(await canonicalQuery('__proto__=x&constructor=y')).toBe('__proto__=x&constructor=y')
    expect(await canonicalQuery('=v&a=1')).toBe('=v&a=1')
    expect(await canonicalQuery('a=b=c')).toBe('a=b%3Dc')
    expect(await canonicalQuery('a=1&&b=2&')).toBe('a=1&b=2')
    for (const query of ['__proto__=x', '=v&a=1', 'a=b=c', 'a=1&&b=2&'])
      expect(await wireQuery(query)).toBe(query)
  })

  it('10. duplicated X-Amz-* parameters are refused', async () => {
    await expectError(() => signQuery('X-Amz-Date=1&X-Amz-Date=2'), 'invalid-url')
    await expectError(
      () => signQuery('X-Amz-Security-Token=1&X-Amz-Security-Token=1'),
      'invalid-url',
    )
  })

  it('10. presigning what is presigned already is refused, not signed twice', async () => {
    const { url } = await presign({ url: `${HOST}/a` }, s3)
    await expectError(() => presign({ url }, s3), 'invalid-url')
    await expectError(() => presign({ url: `${HOST}/a?X-Amz-Expires=9` }, s3), 'invalid-url')
  })

  it("10. a parameter that only begins as a signature's own does is signed like any other", async () => {
    const query = 'X-Amz-Create-Session-Mode=ReadOnly&X-Amz-Expected-Bucket-Owner=111122223333'
    expect(await canonicalQuery(query)).toBe(query)
    expect((await presign({ url: `${HOST}/a?${query}` }, s3)).url).toContain(`?${query}&`)
  })

  it('11. a ? or # in a string url is encoded or refused, never a truncation', async () => {
    for (const url of [`${HOST}/a#b`, `${HOST}/a?b#c`, `${HOST}#`, `${HOST}/a#?b=c`])
      for (const options of [s3, api])
        await expectError(() => sign({ url }, options), 'invalid-url', /%23/)
    const signed = await sign({ url: `${HOST}/a?b=c?d` }, s3)
    expect(canonicalOf(signed)).toMatchObject({ path: '/a', query: 'b=c%3Fd' })
    expect(signed.url).toBe(`${HOST}/a?b=c?d`)
  })

  it('11. an encoded ? or # stays in the path', async () => {
    const signed = await sign({ url: `${HOST}/a%3fb%23c` }, s3)
    expect(canonicalOf(signed)).toMatchObject({ path: '/a%3Fb%23c', query: '' })
    expect(signed.url).toBe(`${HOST}/a%3fb%23c`)
  })

  it('11. a key joined to the base of a URL object is no truncation either', async () => {
    const url = new URL(`${HOST}/report#1.pdf`)
    await expectError(() => sign({ url }, s3), 'invalid-url', /%23/)
  })

  it('11. a backslash or control character is refused', async () => {
    for (const character of ['\\', '\n', '\r', '\t', '\0', '\x7f']) {
      await expectError(() => sign({ url: `${HOST}/a${character}b` }, s3), 'invalid-url')
      await expectError(() => sign({ url: `${HOST}/a?b=${character}` }, s3), 'invalid-url')
    }
  })

  it('11. other characters that cannot stand in a URL are encoded in what is returned', async () => {
    const signed = await sign({ url: `${HOST}/a "<>^{|}\`é?b="<>^{|}\`é` }, s3)
    const encoded = '%22%3C%3E%5E%7B%7C%7D%60%C3%A9'
    expect(signed.url).toBe(`${HOST}/a%20${encoded}?b=${encoded}`)
    expect(canonicalOf(signed)).toMatchObject({ path: `/a%20${encoded}`, query: `b=${encoded}` })
  })

  it('11. what is no absolute http or ws URL is refused', async () => {
    for (const url of [
      '',
      '/a',
      'bucket.example/a',
      'https://',
      'https:///a',
      'ftp://h/a',
      'data:,a',
    ])
      await expectError(() => sign({ url }, s3), 'invalid-url', /absolute/)
  })
})
