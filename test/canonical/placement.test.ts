import { describe, expect, it } from 'vitest'
import type { HeaderFields } from '../../src/canonical/headers.ts'
import { inHeader, inQuery, type Placement } from '../../src/canonical/placement.ts'

const KEY = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
const HELD = { ...KEY, sessionToken: 'a/b=' }
const date = new Date('2015-08-30T12:36:00Z')
const at = [date, '20150830T123600Z', '20150830/r/s/aws4_request'] as const
const AUTHORIZATION = 'A Credential=AKID/20150830/r/s/aws4_request, SignedHeaders='

/** What is signed, and what is sent. */
function placed(
  place: Placement,
  query: string,
  headers: HeaderFields,
  options: Parameters<Placement>[4] = {},
  key: Parameters<Placement>[3] = KEY,
) {
  const [names, signedHeaders, canonicalQuery, attach] = place(
    query,
    headers,
    at,
    key,
    options,
    'A',
  )
  const before = { ...headers }
  const sent = attach({ url: 'https://h/p', headers, signature: 'f00' } as never)
  return { names, signedHeaders, canonicalQuery, before, headers, url: sent.url, sent }
}

describe('a signature in the header', () => {
  it('is added to what is sent, with the date', () => {
    const { names, before, ...it } = placed(inHeader, 'b=1&a', { 'x-a': '1' })
    expect(names).toEqual(['host', 'x-a', 'x-amz-date'])
    expect(it.signedHeaders).toBe('host;x-a;x-amz-date')
    expect(it.canonicalQuery).toBe('a=&b=1')
    expect(before).toEqual({ 'x-a': '1', 'x-amz-date': '20150830T123600Z' })
    expect(it.headers).toEqual({
      ...before,
      authorization: `${AUTHORIZATION}host;x-a;x-amz-date, Signature=f00`,
    })
    expect(it.url).toBe('https://h/p?b=1&a')
    expect(it.sent).not.toHaveProperty('expiresAt')
  })

  it('leaves a URL without a query as it is', () =>
    expect(placed(inHeader, '', {}).url).toBe('https://h/p'))

  it.each([
    [{}, 'x-amz-security-token', true],
    [{ sessionToken: 'signed' } as const, 'x-amz-security-token', true],
    [{ sessionTokenName: 'X-Own' }, 'x-own', true],
    [{ sessionToken: 'appended' } as const, 'x-amz-security-token', false],
  ])('signs a session token as told: %j', (options, name, isSigned) => {
    const { names, before, headers } = placed(inHeader, '', {}, options, HELD)
    expect(names.includes(name)).toBe(isSigned)
    expect(name in before).toBe(isSigned)
    expect(headers[name]).toBe('a/b=')
  })

  it('has no token where there is none', () =>
    expect(placed(inHeader, '', {}, { sessionToken: 'appended' }).headers).not.toHaveProperty(
      'x-amz-security-token',
    ))
})

const OWN =
  'X-Amz-Algorithm=A&X-Amz-Credential=AKID%2F20150830%2Fr%2Fs%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires='

describe('a signature in the query', () => {
  it('stands behind what is there, with the headers that must be sent', () => {
    const { names, headers, ...it } = placed(inQuery, 'z=1&a', { 'x-a': '1', 'user-agent': 'u' })
    expect(names).toEqual(['host', 'x-a'])
    expect(it.signedHeaders).toBe('host;x-a')
    expect(it.canonicalQuery).toBe(`${OWN}900&X-Amz-SignedHeaders=host%3Bx-a&a=&z=1`)
    expect(headers).toEqual({ 'x-a': '1' })
    expect(it.url).toBe(
      `https://h/p?z=1&a&${OWN}900&X-Amz-SignedHeaders=host%3Bx-a&X-Amz-Signature=f00`,
    )
    expect(it.sent.expiresAt).toEqual(new Date('2015-08-30T12:51:00Z'))
  })

  it('begins a query where there is none, and ends with the credentials', () => {
    const expiration = new Date('2015-08-30T12:36:05Z')
    const key = { ...KEY, expiration }
    const { url, sent, canonicalQuery } = placed(inQuery, '', {}, { expiresIn: 60 }, key)
    expect(url).toBe(`https://h/p?${canonicalQuery}&X-Amz-Signature=f00`)
    expect(canonicalQuery).toBe(`${OWN}60&X-Amz-SignedHeaders=host`)
    expect(sent.expiresAt).toEqual(expiration)
  })

  it.each([
    [{}, 'X-Amz-Security-Token', true],
    [{ sessionTokenName: 'x-own' }, 'X-Own', true],
    [{ sessionToken: 'appended' } as const, 'X-Amz-Security-Token', false],
  ])('signs a session token as told: %j', (options, name, isSigned) => {
    const { canonicalQuery, url } = placed(inQuery, '', {}, options, HELD)
    expect(canonicalQuery.includes(`&${name}=a%2Fb%3D`)).toBe(isSigned)
    expect(canonicalQuery).toMatch(/^X-Amz-Algorithm=A&.*X-Amz-Expires=900/)
    expect(url).toContain(`900&${name}=a%2Fb%3D&X-Amz-SignedHeaders=host&X-Amz-Signature=f00`)
  })

  it('takes in the headers that are to be moved, and a set of regions', () => {
    const headers = { 'x-a': 'ü /', 'x-b': '', 'x-amz-region-set': 'eu-*,us-east-1' }
    const hoistableHeaders = ['X-A', 'x-b, x-absent']
    const { names, url, ...it } = placed(inQuery, '', headers, { hoistableHeaders })
    expect(names).toEqual(['host', 'x-b'])
    expect(it.headers).toEqual({ 'x-b': '' })
    expect(url).toMatch(
      /^https:\/\/h\/p\?x-a=%C3%BC%20%2F&X-Amz-Region-Set=eu-%2A%2Cus-east-1&X-Amz-Algorithm=A&/,
    )
  })

  it('may have its parameters made elsewhere', () => {
    const parameters = (...given: unknown[]) => ['a', 'b', 'c', 'd', given.join()]
    const { canonicalQuery } = placed(inQuery, '', {}, { parameters }, HELD)
    expect(decodeURIComponent(canonicalQuery)).toContain(
      'A,AKID/20150830/r/s/aws4_request,20150830T123600Z,900,x-amz-security-token,a/b=',
    )
  })
})
