import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type Refused, sign, type Verified, type VerifyOptions, verify } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { toBeSignedBy } from 'countersign/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { counting } from '../verify/common.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const options = { service: 'execute-api', region: 'us-east-1', credentials }
const rules = { service: 'execute-api', credentials: () => credentials }

/** The headers of a request to `/a` that somebody has signed for a host. */
const signedFor = async (host: string): Promise<Record<string, string>> => {
  const signed = await sign({ url: 'https://example.com/a', headers: { host } }, options)
  return signed.headers
}

const said = (result: Verified | Refused) => (result.ok ? result.host : result.reason)

/** The host that a server takes it to be for, or why it refuses it. */
const verdictOn = async (
  url: string,
  headers: VerifyHeaders,
  more: Partial<VerifyOptions> = {},
): Promise<string> => said(await verify({ method: 'GET', url, headers }, { ...rules, ...more }))

type VerifyHeaders = Record<string, string> | [string, string][]

describe('a target that names another host than `Host` is refused', () => {
  it.each([
    ['http://evil.example/a'],
    ['https://evil.example/a'],
    ['http://good.example.evil/a'],
    ['http://good.example:8080/a'],
    ['http://good.example@evil.example/a'],
  ])('by the request line: GET %s', async (url) => {
    const headers = await signedFor('good.example')
    expect(await verdictOn(url, headers)).toBe('host-mismatch')
    expect(await verdictOn(url, Object.entries(headers))).toBe('host-mismatch')
  })

  it('by the request line, where the Host is empty', async () => {
    const headers = { ...(await signedFor('good.example')), host: '' }
    expect(await verdictOn('http://good.example/a', headers)).toBe('host-mismatch')
  })

  it('by :authority', async () => {
    const headers = await signedFor('good.example')
    for (const authority of ['evil.example', 'good.example:8443', 'evil@good.example', '']) {
      const sent = { ':authority': authority, ...headers }
      const want = authority === '' ? 'good.example' : 'host-mismatch'
      expect(await verdictOn('/a', sent)).toBe(want)
      expect(await verdictOn('/a', Object.entries(sent))).toBe(want)
    }
  })

  it('by both, each against the other', async () => {
    const headers = await signedFor('good.example')
    const sent = { ':authority': 'good.example', ...headers }
    expect(await verdictOn('https://evil.example/a', sent)).toBe('host-mismatch')
    expect(await verdictOn('https://good.example/a', sent)).toBe('good.example')
  })

  it.each([
    ['good.example', 'http://good.example/a'],
    ['good.example', 'HTTP://GOOD.example:80/a'],
    ['good.example', 'https://good.example:443/a'],
    ['GOOD.example:443', 'https://good.example/a'],
    ['good.example:8443', 'https://good.example:8443/a'],
    ['[::1]:3000', 'http://[::1]:3000/a'],
  ])('but case and a default port are no other: %s and %s', async (host, url) => {
    expect(await verdictOn(url, await signedFor(host))).toBe(host)
    const authority = /\/\/([^/]*)/.exec(url)?.[1] as string
    expect(await verdictOn('/a', { ':authority': authority, ...(await signedFor(host)) })).toBe(
      host,
    )
  })

  it('but what is not sent yet is for the host that it names', async () => {
    const signed = await sign(
      { url: 'http://127.0.0.1:9000/a', headers: { host: 'good.example' } },
      options,
    )
    expect(said(await verify(signed, rules))).toBe('good.example')
    const { method, url, headers } = signed
    expect(await verdictOn(url, headers)).toBe('host-mismatch')
    expect((await toBeSignedBy({ method, url, headers }, credentials)).pass).toBe(true)
  })
})

describe('over the wire', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  it('a proxy’s form of the request line does not change whom I ask', async () => {
    const server = createServer(async (request, response) => {
      response.end(said(await verify(receivedFrom(request), rules)))
    }).listen(0, '127.0.0.1')
    closing.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const headers = { ...(await signedFor('good.example')), connection: 'close' }
    const answerTo = async (path: string) => {
      const sent = httpRequest({ host: '127.0.0.1', port, path, headers }).end()
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      return (await response.toArray()).join('')
    }
    expect(await answerTo('http://evil.example/a')).toBe('host-mismatch')
    expect(await answerTo('http://good.example/a')).toBe('good.example')
    expect(await answerTo('/a')).toBe('good.example')
  })

  it('nor does an :authority beside the host', async () => {
    const server = createHttp2Server(async (request, response) => {
      response.end(said(await verify(receivedFrom(request), rules)))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    closing.push(() => {
      session.close()
      server.close()
    })
    const headers = await signedFor('good.example')
    const answerTo = async (authority: string) =>
      (
        await session.request({ ':path': '/a', ...headers, ':authority': authority }).toArray()
      ).join('')
    expect(await answerTo('evil.example')).toBe('host-mismatch')
    expect(await answerTo('good.example')).toBe('good.example')
  })
})

describe('`hosts`, where you pass it, is the whole list of your names', () => {
  const OURS = ['a.example', 'b.example:8443', '*.files.example']

  it.each<[signed: string, sent: string, verdict: string]>([
    // Signed for one of ours, and sent to another.
    ['a.example', 'b.example:8443', 'signature-mismatch'],
    ['b.example:8443', 'a.example', 'signature-mismatch'],
    ['a.example', 'x.files.example', 'signature-mismatch'],
    ['y.files.example', 'x.files.example', 'signature-mismatch'],
    // Signed for none of ours.
    ['evil.example', 'evil.example', 'signature-mismatch'],
    ['inside:8080', 'inside:8080', 'signature-mismatch'],
    ['files.example', 'files.example', 'signature-mismatch'],
    ['evilfiles.example', 'evilfiles.example', 'signature-mismatch'],
    ['x.files.example.evil', 'x.files.example.evil', 'signature-mismatch'],
    ['a.example:8443', 'a.example:8443', 'signature-mismatch'],
    // Nobody's name is a pattern.
    ['*.files.example', 'inside:8080', 'signature-mismatch'],
    ['', 'inside:8080', 'signature-mismatch'],
    // Ours.
    ['a.example', 'a.example', 'a.example'],
    ['A.Example:443', 'A.Example:443', 'A.Example:443'],
    ['b.example:8443', 'b.example:8443', 'b.example:8443'],
    ['x.files.example', 'x.files.example', 'x.files.example'],
    ['X.y.Files.example', 'X.y.Files.example', 'X.y.Files.example'],
    // Ours, behind a proxy.
    ['a.example', 'inside:8080', 'a.example'],
    ['b.example:8443', 'inside:8080', 'b.example:8443'],
  ])('signed for %s, sent to %s: %s', async (signed, sent, verdict) => {
    const headers = { ...(await signedFor(signed)), host: sent }
    expect(await verdictOn('/a', headers, { hosts: OURS })).toBe(verdict)
  })

  it('where there are none, nothing is answered, and no pattern stands for what is not there', async () => {
    const headers = await signedFor('a.example')
    expect(await verdictOn('/a', headers, { hosts: [] })).toBe('signature-mismatch')
    expect(await verdictOn('/a', headers, { hosts: ['*.example.com'] })).toBe('signature-mismatch')
    expect(await verdictOn('/a', headers)).toBe('a.example')
  })
})

it.each([
  'evil.com/.example.com',
  'evil.com#.example.com',
  'user@evil.com:80/.example.com',
  '../../etc/.example.com',
  'evil.com,x.example.com',
  '..example.com',
])('a pattern of `hosts` lets in no Host that leads elsewhere: %s', async (host) => {
  const sent = { ...(await signedFor(host)), host }
  expect(await verdictOn('/a', sent, { hosts: ['*.example.com'] })).toBe('signature-mismatch')
})

describe('however many names a server has', () => {
  /** How often texts are taken apart and spelled anew for a request to a host that is none of the names. */
  const stepsOf = async (names: number, request: { url: string; headers: VerifyHeaders }) => {
    const hosts = Array.from({ length: names }, (_, at) => `h${at}.example.com`)
    const spies = [
      vi.spyOn(globalThis, 'unescape'),
      vi.spyOn(String.prototype, 'split'),
      vi.spyOn(Array.prototype, 'join'),
    ]
    const { crypto, costOf } = counting()
    const cost = await costOf(async () => {
      const lookup = { ...rules, credentials: () => undefined }
      const result = await verify({ method: 'GET', ...request }, { ...lookup, hosts, crypto })
      expect(said(result)).toBe('unknown-access-key')
    })
    const steps = spies.map(({ mock }) => mock.calls.length)
    for (const spy of spies) spy.mockRestore()
    return { steps, cost }
  }

  it.each<[string, string, number]>([
    ['many parameters', '/a?%20&'.padEnd(2000, 'a&'), 0],
    ['a long path', '/'.padEnd(20_000, 'a%20/'), 0],
    ['many headers', '/a', 500],
  ])('a request of nobody is read once, though it has %s', async (_, url, fields) => {
    const extra = Array.from({ length: fields }, (_, at) => [`x-h${at}`, 'a  b'])
    const headers = Object.fromEntries(extra)
    const signed = await sign({ url: `https://evil.example${url}`, headers }, options)
    const request = { url, headers: { ...signed.headers, host: 'evil.example' } }
    const [one, many] = [await stepsOf(1, request), await stepsOf(50, request)]
    // A name more is one text to sign more, of parts that are spelled already.
    const [read = 0, cut = 0, joined = 0] = one.steps
    expect(many.steps).toEqual([read, cut, joined + 49])
    // A name more is a hash and a MAC more, and no more of either for whom there is no key.
    expect([one.cost, many.cost]).toEqual([
      { sha256: 1, hmac: 5 },
      { sha256: 50, hmac: 54 },
    ])
  })

  it('each of them is the host in all that is signed of it', async () => {
    const hosts = ['a.example', '$&.example', 'b.example']
    for (const host of hosts)
      expect(await verdictOn('/a', { ...(await signedFor(host)), host: 'inside' }, { hosts })).toBe(
        host,
      )
  })
})

describe('blanks around a host, handed over in a record or an event,', () => {
  it.each([
    [{}],
    [{ hosts: ['good.example'] }],
    [{ hosts: ['*.example', 'good.example'] }],
    [{ hosts: ['first.example', 'good.example'] }],
  ])('are none of the host that is told, with %j', async (more) => {
    const signed = await signedFor('good.example')
    for (const host of [' good.example', 'good.example ', '\tgood.example \t'])
      expect(await verdictOn('/a', { ...signed, host }, more)).toBe('good.example')
  })
})
