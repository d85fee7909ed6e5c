import { once } from 'node:events'
import { request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sign, type VerifyOptions, verify } from 'countersign'
import { sign as signSync, verify as verifySync } from 'countersign/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys } from '../../examples/keys.ts'
import { start as express } from '../../examples/verify-express.ts'
import { start as fastify } from '../../examples/verify-fastify.ts'
import { start as nodeHttp } from '../../examples/verify-node-http.ts'
import { fc } from '../support/properties.ts'

const credentials = keys.get('AKIDEXAMPLE') ?? { accessKeyId: '', secretAccessKey: '' }
const HOST = 'api.example.com'

/** The headers of a request that somebody has signed for one path, and I have seen. */
async function signedFor(path: string, service: string, host = HOST) {
  const options = { service, region: 'eu-west-1', credentials, dotSegments: 'literal' as const }
  const { headers } = await sign({ method: 'DELETE', url: `http://${host}${path}` }, options)
  return { host, ...headers }
}

type Rules = Partial<VerifyOptions>

/** How paths are read, by who signs and by who verifies. */
type Reading = Pick<Rules, 'pathEncoding' | 'pathNormalization' | 'encodedSlash'> & {
  service: string
}

/** What a server of a service says where I send it to another path. */
async function verdictOn(service: string, signed: string, sent: string, rules: Rules = {}) {
  const headers = await signedFor(signed, service)
  const asked: string[] = []
  const lookup = (id: string) => {
    asked.push(id)
    return credentials
  }
  const result = await verify(
    { method: 'DELETE', url: sent, headers },
    { service, credentials: lookup, ...rules },
  )
  return result.ok ? { path: result.path } : { reason: result.reason, asked: asked.length }
}

const REFUSED = { reason: 'ambiguous-path', asked: 0 }

describe('a path that a router may resolve to another is refused, as its signature is for that one too', () => {
  it.each([
    ['/nothing', '/items/../nothing', 'up and over'],
    ['/nothing', '/items/../nothing?force=1', 'with a query, whatever it is'],
    ['/evil/b', '//evil/b', 'what a URL parser takes for a host'],
    ['/evil/b', '/evil//b', 'an empty segment'],
    ['/items', '/./items', 'a dot in front'],
    ['/items/', '/items/.', 'a dot at the end'],
    ['/items/', '/items/7/..', 'two dots at the end'],
    ['/', '//', 'nothing but slashes'],
    ['/items/%2e%2e/nothing', '/items/%2e%2e/nothing', 'dots in hex'],
    ['/items/.%2E/nothing', '/items/.%2E/nothing', 'half in hex'],
    ['/%2e/nothing', '/%2e/nothing', 'a single one in hex'],
  ])('where the path is normalised: %s for %s (%s)', async (signed, sent) => {
    for (const service of ['execute-api', 'lambda', 'aoss'])
      expect(await verdictOn(service, signed, sent)).toEqual(REFUSED)
  })

  it.each([
    ['/bucket/../other/key', 'up and over'],
    ['/bucket/./key', 'a dot'],
    ['/bucket/..', 'the end of it'],
    ['/bucket/%2e%2e/other/key', 'dots in hex'],
    ['/bucket/%2E./other/key', 'half in hex'],
    ['/bucket/a%2F..%2F..%2Fother', 'slashes in hex'],
    ['/bucket/a%2f%2e%2e%2fb', 'all of it in hex'],
    ['/bucket/..%2Fother', 'a dot segment that begins with one slash and ends with the other'],
  ])('in S3, which keeps it: %s (%s)', async (path) => {
    for (const service of ['s3', 's3express', 's3-outposts'])
      expect(await verdictOn(service, path, path)).toEqual(REFUSED)
  })

  it.each([
    ['execute-api', '/items/'],
    ['execute-api', '/.well-known/a..b/...'],
    ['execute-api', '/items/a%2Fb/%2F/..a%2F.b/c..%2Fd'],
    ['execute-api', '/items/a%5Cb/%5C/..%20%5C'],
    ['execute-api', '/items/a%252F..%252Fb/%252e%252e'],
    ['execute-api', '/items/%2500'],
    ['s3', '/bucket/a%5Cb/..a%5C'],
    ['s3', '/bucket/a.txt'],
    ['s3', '/bucket/..a/.b/c../...'],
    ['s3', '/bucket/a%252F..%252Fb'],
  ])('and a path that looks like it is still its own: %s %s', async (service, path) => {
    expect(await verdictOn(service, path, path)).toEqual({ path })
  })

  it('and an empty segment of a key is still part of it', async () => {
    expect(await verdictOn('s3', '//bucket//key', '//bucket//key')).toEqual({
      path: '//bucket//key',
    })
    expect(await verdictOn('s3', '/bucket/key', '/bucket//key')).toMatchObject({
      reason: 'signature-mismatch',
    })
  })
})

describe('one that has dot segments once it is decoded is refused, of whatever service', () => {
  const SERVICES = ['s3', 's3express', 'execute-api', 'lambda', 'es', 'aoss', 'dynamodb', 'nobodys']

  it.each([
    '/..%2F..%2Fetc%2Fpasswd',
    '/a%2F..%2F..%2F..%2Fetc%2Fpasswd',
    '/items/a%2F..%2Fb',
    '/%2e%2e%2fx',
    '/a%2f%2E.',
    '/a%2F./b',
    '/..%5C..%5Cwindows',
    '/a%5c..',
    '/a%5C%2e%2E%5cb',
    '/a%5C..%2Fb',
    '/a%2F.%5Cb',
  ])('%s', async (path) => {
    for (const service of SERVICES)
      expect([service, await verdictOn(service, path, path)]).toEqual([service, REFUSED])
  })

  it('and one with a NUL, at which a file system may end its reading', async () => {
    for (const service of SERVICES)
      for (const path of ['/a%00', '/..%00/b', '/public%00.png'])
        expect([path, await verdictOn(service, path, path)]).toEqual([path, REFUSED])
  })

  it('and none that has a backslash of its own can be read at all', async () => {
    const headers = await signedFor('/a', 'execute-api')
    for (const url of ['/..\\a', '/a\\..\\..\\b', '\\a'])
      expect(
        await verify(
          { method: 'DELETE', url, headers },
          { service: 'execute-api', credentials: () => credentials },
        ),
      ).toMatchObject({ reason: 'malformed-authorization', about: { part: 'url' } })
  })

  it('and under any path form it is told as it was signed, to be looked through by who asks for it', async () => {
    const rules = { pathForm: 'any' } as const
    expect(await verdictOn('execute-api', '/..%2Fa', '/..%2Fa', rules)).toEqual({ path: '/..%2Fa' })
  })
})

describe('under whatever rules a server reads paths, none that a file system would follow is told', () => {
  const SERVICES_READ = ['s3', 's3express', 'execute-api', 'aoss', 'iotdevicegateway', 'nobodys']
  const RULES = SERVICES_READ.flatMap((service) =>
    [undefined, 'single', 'double'].flatMap((pathEncoding) =>
      [undefined, 'none', 'rfc3986'].flatMap((pathNormalization) =>
        [undefined, 'slash', 'literal'].map((encodedSlash) => ({
          ...{ service, pathEncoding, pathNormalization, encodedSlash },
        })),
      ),
    ),
  ) as unknown as Reading[]

  /** The path that is told of a request that I have signed by the same rules, or why it is refused. */
  const told = (path: string, rules: Reading) => {
    const date = { signingDate: new Date('2015-08-30T12:36:00Z') }
    const asked = { ...rules, ...date, region: 'us-east-1', credentials }
    const { url, headers } = signSync(
      { method: 'DELETE', url: `http://${HOST}${path}` },
      { ...asked, dotSegments: 'literal' },
    )
    const result = verifySync(
      {
        method: 'DELETE',
        url: url.slice(`http://${HOST}`.length),
        headers: { host: HOST, ...headers },
      },
      { ...rules, now: date.signingDate, credentials: () => credentials },
    )
    return result.ok ? result.path : result.reason
  }

  const isFollowed = (path: string) =>
    decodeURIComponent(path)
      .split(/[/\\]/)
      .some((segment) => /^\.{1,2}$/.test(segment))

  it.each([
    '/a%2F..%2F..%2Fb',
    '/a%2f%2e%2e%2fb',
    '/a/..%2Fb',
    '/a%2F..',
    '/..%2Fb',
    '/%2e%2e%2Fb',
    '/a%2F./b',
    '/a%5C..%5Cb',
    '/%2e.%5cb',
  ])('not %s, where a slash is one once it is decoded', (path) => {
    expect(isFollowed(path)).toBe(true)
    for (const rules of RULES) expect([rules, told(path, rules)]).toEqual([rules, 'ambiguous-path'])
  })

  it.each(['/%2F', '/a%2F%2Fb', '/%2Fevil.example.com/b', '/a/%2f'])(
    'nor %s as an empty segment, where those are removed',
    (path) => {
      for (const rules of RULES)
        if (rules.pathEncoding === 'single' && rules.pathNormalization === 'rfc3986')
          expect(told(path, rules)).toBe('ambiguous-path')
    },
  )

  it('and of no path at all, whatever it is made of', () => {
    const pieces = fc.constantFrom(
      ...['/', '/', '.', '..', '%2e', '%2E', '%2f', '%2F', '%252e', '%252F', '%25', '%', '2e'],
      ...['a', '+', '%20', '%5C', '%00', '%u002e', '%c0%ae', '\u00fc', '%zz', ';', '@'],
    )
    const path = fc.array(pieces, { maxLength: 8 }).map((parts) => `/${parts.join('')}`)
    let seen = 0
    fc.assert(
      fc.property(path, fc.constantFrom(...RULES), (path, rules) => {
        const answer = told(path, rules)
        if (answer.startsWith('/')) seen++
        else expect(answer).toBe('ambiguous-path')
        const once = answer.replace(/%2f|%5c/gi, '/').replace(/%2e/gi, '.')
        const followed = once.split('/').some((segment) => /^\.{1,2}$/.test(segment))
        expect(answer).not.toContain('%00')
        expect([answer, followed]).toEqual([answer, false])
      }),
      { numRuns: 5000 },
    )
    expect(seen).toBeGreaterThan(1000)
  })
})

describe('the path that is verified is told, to route by it', () => {
  it.each<[service: string, sent: string, path: string, rules?: Rules]>([
    ['execute-api', '/a%20b', '/a%20b'],
    ['execute-api', '/a+b', '/a%2Bb'],
    ['execute-api', '/%61dmin/%7Eme', '/admin/~me'],
    ['execute-api', '/caf%c3%a9', '/caf%C3%A9'],
    ['execute-api', '/%zz%', '/%25zz%25'],
    ['execute-api', '/a%252Fb', '/a%252Fb'],
    ['execute-api', '/a%2fb', '/a%2Fb'],
    ['execute-api', '/a@b(c)', '/a%40b%28c%29'],
    ['execute-api', '', '/'],
    ['execute-api', '/items/../nothing', '/nothing', { pathForm: 'any' }],
    ['execute-api', '//evil/b/', '/evil/b/', { pathForm: 'any' }],
    ['s3', '/a%20b', '/a%20b'],
    ['s3', '/a%2Fb', '/a/b'],
    ['s3', '/a%252Fb', '/a%252Fb'],
    ['s3', '/caf%c3%a9/%7E', '/caf%C3%A9/~'],
    ['s3', '/a/../b', '/a/../b', { pathForm: 'any' }],
  ])('%s: %s is %s', async (service, sent, path, rules) => {
    expect(await verdictOn(service, sent, sent, rules)).toEqual({ path })
  })

  it('in S3, where a bare + is a blank, or itself', async () => {
    expect(await verdictOn('s3', '/a%20b', '/a+b')).toEqual({ path: '/a%20b' })
    expect(await verdictOn('s3', '/a%2Bb', '/a+b', { plus: 'literal' })).toEqual({
      path: '/a%2Bb',
    })
  })
})

describe.each([
  ['node:http', 's3', nodeHttp],
  ['Express', 'execute-api', express],
  ['Fastify', 'execute-api', fastify],
] as const)('the server of the examples on %s', (_, service, start) => {
  let server: Server
  let host: string
  beforeAll(async () => {
    server = start(0)
    if (!server.listening) await once(server, 'listening')
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  /** The status of what comes back for a target that I write as I please. */
  const statusOf = async (signed: string, target: string) => {
    const headers = await signedFor(signed, service, host)
    const [hostname, port] = host.split(':')
    const sent = httpRequest({ hostname, port, method: 'DELETE', path: target, headers }).end()
    const [response] = await once(sent, 'response')
    response.resume()
    return response.statusCode
  }

  it('does not delete under a signature for another path', async () => {
    expect(await statusOf('/items/a', '/items/a')).toBe(200)
    for (const target of ['/items/../items/a', '/items/%2e%2e/items/a'])
      expect(await statusOf(service === 's3' ? target : '/items/a', target)).toBe(400)
    if (service !== 's3') expect(await statusOf('/items/a', '//items/a')).toBe(400)
  })
})
