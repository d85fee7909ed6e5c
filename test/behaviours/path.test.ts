import { presign, type SignOptions, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { api, canonicalOf, expectError, S3_SERVICES, s3 } from './common.ts'

const at = (path: string, options: SignOptions = s3) =>
  sign({ url: `https://bucket.example${path}` }, options)

const canonicalPath = async (path: string, options: SignOptions = s3) =>
  canonicalOf(await at(path, options)).path

/** The path as the sender puts it on the wire. */
const wirePath = async (path: string, options: SignOptions = s3) =>
  (await at(path, options)).url.replace('https://bucket.example', '')

describe('path', () => {
  it.each(S3_SERVICES)(
    '1. single or double encoding follows the service in the scope, never the host name: %s encodes once',
    async (service) => {
      for (const url of [
        'https://a.execute-api.eu-west-1.amazonaws.com/a%20b',
        'http://[::1]/a%20b',
      ])
        expect(canonicalOf(await sign({ url }, { ...s3, service })).path).toBe('/a%20b')
    },
  )

  it.each(['execute-api', 'lambda', 'es', 'sts', 'service'])(
    '1. single or double encoding follows the service in the scope, never the host name: %s encodes twice',
    async (service) => {
      for (const url of ['https://bucket.s3.amazonaws.com/a%20b', 'https://s3.amazonaws.com/a%20b'])
        expect(canonicalOf(await sign({ url }, { ...s3, service })).path).toBe('/a%2520b')
    },
  )

  it('1. the caller can override the encoding of the service', async () => {
    expect(await canonicalPath('/a%20b', { ...s3, pathEncoding: 'double' })).toBe('/a%2520b')
    expect(await canonicalPath('/a%20b', { ...api, pathEncoding: 'single' })).toBe('/a%20b')
  })

  it('1. presigning follows the same rule', async () => {
    const url = 'https://bucket.example/a%20b'
    expect(canonicalOf(await presign({ url }, s3)).path).toBe('/a%20b')
    expect(canonicalOf(await presign({ url }, api)).path).toBe('/a%2520b')
  })

  it('2. every byte outside the unreserved set is encoded in upper-case hex', async () => {
    const marks = "/!'()*=:@,;$&+"
    const encoded = '/%21%27%28%29%2A%3D%3A%40%2C%3B%24%26%2B'
    expect(await canonicalPath(marks)).toBe(encoded)
    expect(await canonicalPath(marks, api)).toBe(encoded)
    expect(await canonicalPath('/AZaz09-._~')).toBe('/AZaz09-._~')
    expect(await canonicalPath('/ሴ/é/𝒳')).toBe('/%E1%88%B4/%C3%A9/%F0%9D%92%B3')
  })

  it('2. for S3 every spelling of a path has the one canonical form, and that form is its own', async () => {
    const spellings = { '/%c3%a9': '/%C3%A9', '/%7E': '/~', '/a=@': '/a%3D%40', '/%61%2d': '/a-' }
    for (const [path, canonical] of Object.entries(spellings)) {
      expect(await canonicalPath(path)).toBe(canonical)
      expect(await canonicalPath(canonical)).toBe(canonical)
    }
  })

  it('2. the other services encode the wire path as it is spelled', async () => {
    expect(await canonicalPath('/%c3%a9%7E', api)).toBe('/%25c3%25a9%257E')
    expect(await canonicalPath('/é', api)).toBe('/%25C3%25A9')
  })

  it.each(S3_SERVICES)('3. %s keeps repeated slashes and dot segments', async (service) => {
    const options: SignOptions = { ...s3, service, dotSegments: 'literal' }
    for (const path of ['//a///b//', '/a/./b', '/a/../b', '/a/..', '/.'])
      expect(await canonicalPath(path, options)).toBe(path)
  })

  it('3. the other services collapse slashes and resolve dot segments', async () => {
    const resolved = {
      '//a///b//': '/a/b/',
      '/a/./b': '/a/b',
      '/a/x/../b': '/a/b',
      '/../../a': '/a',
      '/a/..': '/',
      '/a/b/../..': '/',
      '/./': '/',
      '//': '/',
    }
    for (const [path, canonical] of Object.entries(resolved))
      expect(await canonicalPath(path, api), path).toBe(canonical)
    expect(await canonicalPath('//a/./b', { ...api, pathNormalization: 'none', ...literal })).toBe(
      '//a/./b',
    )
  })

  it('4. a string url keeps its dot segments on the wire', async () => {
    expect(await wirePath('/a/../b', api)).toBe('/a/../b')
    expect(await wirePath('/a/../b', { ...s3, ...literal })).toBe('/a/../b')
    expect(await wirePath('/a/%2e%2E/b', { ...s3, ...literal })).toBe('/a/%2e%2E/b')
  })

  it('4. a URL object has lost its dot segments already', async () => {
    const signed = await sign({ url: new URL('https://bucket.example/a/../b') }, s3)
    expect(canonicalOf(signed).path).toBe('/b')
  })

  it.each(['/a/../b', '/a/./b', '/..', '/.', '/a/..?b=c', '/%2e', '/a/%2E%2e/b', '/a/.%2e'])(
    '4. an S3 path with a dot segment is refused: %s',
    async (path) => {
      await expectError(() => at(path), 'dot-segments', /dotSegments: 'literal'/)
      const url = `https://bucket.example${path}`
      await expectError(() => presign({ url }, s3), 'dot-segments')
      const unnormalised: SignOptions = { ...api, pathNormalization: 'none' }
      await expectError(() => at(path, unnormalised), 'dot-segments')
    },
  )

  it('4. the refusal says why: the URL would be resolved to another resource', async () => {
    await expectError(() => at('/a/../b'), 'dot-segments', /resolve|another|other/i)
  })

  it('4. with dotSegments literal the path is signed byte for byte', async () => {
    expect(await canonicalPath('/a/./../b', { ...s3, ...literal })).toBe('/a/./../b')
  })

  it('4. dots that are no dot segment are not refused', async () => {
    for (const path of ['/...', '/.a', '/a..b/c.', '/a/..b', '/?a=/../b'])
      await expect(at(path), path).resolves.toBeDefined()
  })

  it.each(S3_SERVICES)('5. a bare + in a path of %s goes on the wire as %%2B', async (service) => {
    expect(await wirePath('/a+b', { ...s3, service })).toBe('/a%2Bb')
    expect(await canonicalPath('/a+b', { ...s3, service })).toBe('/a%2Bb')
    const { url } = await presign({ url: 'https://bucket.example/a+b' }, { ...s3, service })
    expect(url).toMatch(/^https:\/\/bucket\.example\/a%2Bb\?/)
  })

  it('5. the other services keep a bare + in the path', async () => {
    expect(await wirePath('/a+b', api)).toBe('/a+b')
    expect(await canonicalPath('/a+b', api)).toBe('/a%2Bb')
  })

  it('6. encoded slashes are slashes to S3; outer ones, tildes and malformed escapes are kept', async () => {
    const path = '/%2Fa/%2f/~b/%zz/%/%4/'
    expect(await wirePath(path)).toBe('//a///~b/%zz/%/%4/')
    expect(await wirePath(path, api)).toBe(path)
    expect(await canonicalPath(path)).toBe('//a///~b/%25zz/%25/%254/')
    const literal = { ...s3, encodedSlash: 'literal' } as const
    expect(await wirePath(path, literal)).toBe(path)
    expect(await canonicalPath(path, literal)).toBe('/%2Fa/%2F/~b/%25zz/%25/%254/')
    expect(await canonicalPath(path, api)).toBe('/%252Fa/%252f/~b/%25zz/%25/%254/')
  })

  it('6. an unpaired surrogate is a typed error', async () => {
    for (const path of ['/\ud800', '/\udc00a', '/a?\ud800=1', '/a?b=\udfff']) {
      await expectError(() => at(path), 'invalid-url')
      await expectError(() => at(path, api), 'invalid-url')
    }
  })

  it.each([undefined, null, 7, {}, '', 'a', 'ftp://host/a', '//host/a'])(
    '11. a url that is none is refused with a code: %j',
    async (url) => {
      await expectError(() => sign({ url: url as string }, s3), 'invalid-url', /http or ws/)
      await expectError(() => presign({ url: url as string }, s3), 'invalid-url')
    },
  )
})

const literal = { dotSegments: 'literal' } as const
