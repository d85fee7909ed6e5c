import { describe, expect, it } from 'vitest'
import { readTarget, readUrl, targetOf } from '../../src/canonical/url.ts'

describe('a URL', () => {
  it.each<[string, readonly string[]]>([
    ['https://a', ['https://', 'a', '', '']],
    ['http://a/', ['http://', 'a', '/', '']],
    ['ws://a', ['ws://', 'a', '', '']],
    ['wss://a?b', ['wss://', 'a', '', 'b']],
    ['HTTPS://A.Example/B?C', ['https://', 'a.example', '/B', 'C']],
    ['https://a:443/', ['https://', 'a', '/', '']],
    ['https://a:0443/', ['https://', 'a', '/', '']],
    ['https://a:/', ['https://', 'a', '/', '']],
    ['https://a:80/', ['https://', 'a:80', '/', '']],
    ['https://a:4430/', ['https://', 'a:4430', '/', '']],
    ['https://a:1443/', ['https://', 'a:1443', '/', '']],
    ['http://a:80/', ['http://', 'a', '/', '']],
    ['http://a:0080/', ['http://', 'a', '/', '']],
    ['http://a:/', ['http://', 'a', '/', '']],
    ['http://a:443/', ['http://', 'a:443', '/', '']],
    ['http://a:8080/', ['http://', 'a:8080', '/', '']],
    ['http://a:180/', ['http://', 'a:180', '/', '']],
    ['wss://a:443', ['wss://', 'a', '', '']],
    ['ws://a:80', ['ws://', 'a', '', '']],
    ['http://[::1]:9000/', ['http://', '[::1]:9000', '/', '']],
    ['http://[::FFFF:1.2.3.4]/', ['http://', '[::ffff:1.2.3.4]', '/', '']],
    ['https://user:pass@a/b@c', ['https://', 'a', '/b@c', '']],
    ['https://a b@c/', ['https://', 'c', '/', '']],
    ['https://@a/', ['https://', 'a', '/', '']],
    ['https://a_b~c-1.d/', ['https://', 'a_b~c-1.d', '/', '']],
    [
      'https://a/b c"<>^`{|}ü😀',
      ['https://', 'a', '/b%20c%22%3C%3E%5E%60%7B%7C%7D%C3%BC%F0%9F%98%80', ''],
    ],
    ['https://a/b?c=d e+f+g', ['https://', 'a', '/b', 'c=d%20e%20f%20g']],
    ['https://a/b+c?d=e+f', ['https://', 'a', '/b+c', 'd=e%20f']],
    ['https://a/?b?c=/d', ['https://', 'a', '/', 'b?c=/d']],
    ['https://a/?b=[]', ['https://', 'a', '/', 'b=[]']],
    [
      "https://a/!$%&'()*+,-./:;=@[]_~?!$%&'()*,-./:;=?@[]_~",
      ['https://', 'a', "/!$%&'()*+,-./:;=@[]_~", "!$%&'()*,-./:;=?@[]_~"],
    ],
  ])('%s', (url, parts) => expect(readUrl(url, {})).toEqual(parts))

  it('is read of what has one', () => {
    expect(readUrl(new URL('https://a/b'), {})[2]).toBe('/b')
    expect(readUrl({ href: 'https://a/b' } as URL, {})[2]).toBe('/b')
  })

  it('of S3 has no bare + in its path', () => {
    expect(readUrl('https://a/b+c+?d=+', { pathEncoding: 'single' })).toEqual([
      ...['https://', 'a', '/b%2Bc%2B', 'd=%20'],
    ])
    expect(readUrl('https://a/b+c', { pathEncoding: 'double' })[2]).toBe('/b+c')
  })

  it.each([
    ...['', '/a', 'a', 'ftp://a/', 'https://', 'https:///a', 'https://a#b', 'https://a/#', '?a'],
    ...['https://a\\b', 'https://a/b\\c', 'https://a/\n', 'https://a/?\t', 'https://a/\x7f'],
    ...['https://a:b/', 'https://[::1', 'xhttps://a/', ' https://a/', 'https:/a', 'http://ü/'],
    ...['https://a/\ud800', 'https://a/?\udc00', 'https://a b/', 'httpss://a/', 'https://[g]/'],
    ...['https://a\n', 'https://a/?b#c', 'https://a%20/'],
  ])('is none: %j', (url) =>
    expect(() => readUrl(url, {})).toThrow(expect.objectContaining({ code: 'invalid-url' })),
  )

  it.each([undefined, null, {}, 1])('is none: %j, of JavaScript', (url) =>
    expect(() => readUrl(url as never, {})).toThrow(
      expect.objectContaining({ code: 'invalid-url' }),
    ),
  )
})

describe('a request target', () => {
  it.each<[string, string, string]>([
    ['', '', ''],
    ['/', '/', ''],
    ['/a?b', '/a', 'b'],
    ['?b', '', 'b'],
    ['/a b?c+d', '/a%20b', 'c%20d'],
    ['/a+b', '/a+b', ''],
    ['/A b?u=HTTP://U@X', '/A%20b', 'u=HTTP://U@X'],
    ['//a/b', '//a/b', ''],
  ])('%j', (target, path, query) => expect(readTarget(target)).toEqual(['', '', path, query]))

  it.each(['a', '/#', '/a\\b', '/\r', '/?\0', '/\ud800'])('is none: %j', (target) =>
    expect(() => readTarget(target)).toThrow(expect.objectContaining({ code: 'invalid-url' })),
  )

  it.each([
    ['https://a', '/'],
    ['https://a/', '/'],
    ['https://a/b?c', '/b?c'],
    ['https://a?c', '/?c'],
    ['https://a:80/b//c', '/b//c'],
    ['https://a//b', '//b'],
  ])('of %s is %s', (url, target) => expect(targetOf(url)).toBe(target))
})
