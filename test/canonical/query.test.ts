import { describe, expect, it } from 'vitest'
import { formatParameters } from '../../src/canonical/parameters.ts'
import { canonicalQuery } from '../../src/canonical/query.ts'

describe('the canonical query', () => {
  it.each([
    ['', ''],
    ['&', ''],
    ['a', 'a='],
    ['a=', 'a='],
    ['=', '='],
    ['=a', '=a'],
    ['a=b=c', 'a=b%3Dc'],
    ['b=1&a=2', 'a=2&b=1'],
    ['a=1&a=2', 'a=1&a=2'],
    ['a=2&a-b=1', 'a=2&a-b=1'],
    ['/=1', '%2F=1'],
    ['%2D=1', '-=1'],
    ['%2d=1', '-=1'],
    ['%30=1', '0=1'],
    ['%2x=1', '%252x=1'],
    ['%3x=1', '%253x=1'],
    ['a=2&a=1&a', 'a=&a=1&a=2'],
    ['a-b=1&a=2', 'a=2&a-b=1'],
    ['a&&b&', 'a=&b='],
    ['&a=1', 'a=1'],
    ['a=1&', 'a=1'],
    ['a=%7e%41', 'a=~A'],
    ['a=%2d', 'a=-'],
    ['a=%2D%2E%5F%5f', 'a=-.__'],
    ['a=%30', 'a=0'],
    ['a=%3a', 'a=%3A'],
    ['a=%2b%20', 'a=%2B%20'],
    ['a=%2B%20%3A%3F%2F', 'a=%2B%20%3A%3F%2F'],
    ['%7Ea=1', '~a=1'],
    ['%41=1&%2F=2', '%2F=2&A=1'],
    ['a=%', 'a=%25'],
    ['a=%2', 'a=%252'],
    ['a=%zz&b=%u1234', 'a=%25zz&b=%25u1234'],
    ['a=/&b=:@', 'a=%2F&b=%3A%40'],
    ['p[page]=1&p[pageSize]=2', 'p%5Bpage%5D=1&p%5BpageSize%5D=2'],
    ["a=!'()*", 'a=%21%27%28%29%2A'],
    ['A=1&a=2&_=3&~=4&.=5&-=6&0=7', '-=6&.=5&0=7&A=1&_=3&a=2&~=4'],
    ['b=1\n&a', 'a=&b=1%0A'],
  ])('of %j is %j', (query, canonical) => expect(canonicalQuery(query)).toBe(canonical))

  it('has parts of our own in their places', () => {
    expect(canonicalQuery('b=1&X=2', ['a=1', 'c=1'])).toBe('X=2&a=1&b=1&c=1')
    expect(canonicalQuery('', ['b=1', 'a=1'])).toBe('a=1&b=1')
  })
})

describe('the parameters of a signature', () => {
  const of = (token?: string) =>
    formatParameters('AWS4', 'AKID/20150830/r/s/aws4_request', '20150830T123600Z', 9, 'x-b', token)

  it('tell all but the headers, in the one spelling', () =>
    expect(of()).toEqual([
      'X-Amz-Algorithm=AWS4',
      'X-Amz-Credential=AKID%2F20150830%2Fr%2Fs%2Faws4_request',
      'X-Amz-Date=20150830T123600Z',
      'X-Amz-Expires=9',
    ]))

  it('end with the session token, where there is one', () => {
    expect(of('a/b+c=')).toEqual([...of(), 'X-B=a%2Fb%2Bc%3D'])
    expect(of('')).toEqual(of())
  })
})
