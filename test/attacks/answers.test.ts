import { type AwsProtocol, awsError, type ReceivedRequest, type Refused, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { growthOf } from '../support/growth.ts'
import { credentials, EMPTY, now, signedByHand } from '../verify/common.ts'

const PROTOCOLS: readonly AwsProtocol[] = ['s3', 'json', 'query']

/** A request whose signature is another's, with what a stranger makes of path, query and headers. */
function wrong(target: string, headers: Record<string, string> = {}): ReceivedRequest {
  const names = Object.keys(headers)
  const signed = signedByHand({
    headers: {
      host: 'a',
      'x-amz-content-sha256': EMPTY,
      'x-amz-date': '20150830T123600Z',
      ...headers,
    },
    signedHeaders: ['host', 'x-amz-content-sha256', 'x-amz-date', ...names].join(';'),
  })
  return { ...signed, url: target }
}

/** Bytes on the wire, where a character above ASCII is the one byte that a server reads it from. */
const sizeOf = ({ method, url, headers }: ReceivedRequest): number =>
  [method, url, ...Object.entries(headers as object).flat()].join('').length

const answersTo = async (request: ReceivedRequest, service: string) => {
  const other = { ...credentials, secretAccessKey: 'another' }
  const options = { service: 'any', now, credentials: () => other }
  const authorization = (request.headers as Record<string, string>).authorization ?? ''
  const asked = {
    ...request,
    headers: {
      ...(request.headers as object),
      authorization: authorization.replace('execute-api', service),
    },
  }
  const refused = await verify(asked as ReceivedRequest, options)
  if (refused.ok) throw new Error('accepted')
  expect(refused.reason).toBe('signature-mismatch')
  return PROTOCOLS.map((protocol) => awsError(refused, protocol).body)
}

/** What grows of a request that I want a long answer to. */
const GROWING: Record<string, (n: number) => ReceivedRequest> = {
  'a path of bare bytes': (n) => wrong(`/${'\xfc'.repeat(n)}`),
  'a path of blanks': (n) => wrong(`/${' '.repeat(n)}`),
  'a query of many parameters': (n) => wrong(`/?${`a${'b'.repeat(n / 999)}&`.repeat(999)}`),
  'a query of quotes': (n) => wrong(`/?a=${"'".repeat(n)}`),
  'a header of markup': (n) => wrong('/', { 'z-a': '<&"\''.repeat(n / 4) }),
  'a signature that goes on': (n) => {
    const { headers, ...request } = wrong('/')
    const { authorization = '', ...others } = headers as Record<string, string>
    return { ...request, headers: { ...others, authorization: authorization + 'a'.repeat(n) } }
  },
}

const LARGE: Record<string, ReceivedRequest> = {
  'a path of blanks': wrong(`/${' '.repeat(3000)}`),
  'a path of bare bytes': wrong(`/${'\xfc'.repeat(3000)}`),
  'a path of escapes': wrong(`/${'%C3%BC'.repeat(1000)}`),
  'a path of percent signs': wrong(`/${'%'.repeat(3000)}`),
  'a path of markup': wrong(`/${'<&"'.repeat(999)}`),
  'a query of ampersands': wrong(`/?${'&'.repeat(999)}`),
  'a query of bare bytes': wrong(`/?a=${'\xff'.repeat(3000)}`),
  'a query of quotes': wrong(`/?a=${"'".repeat(3000)}`),
  'a header of markup': wrong('/', { 'z-a': '<&"\''.repeat(800) }),
  'a header of bare bytes': wrong('/', { 'z-a': '\xe9'.repeat(3000) }),
}

describe('an answer is no lever', () => {
  it.each(Object.entries(LARGE))(
    'of %s: at most 20 times the request, and 2 KiB',
    async (_, request) => {
      for (const service of ['s3', 'execute-api'])
        for (const body of await answersTo(request, service)) {
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20 * sizeOf(request) + 2048)
          expect(body).toContain('AWS4-HMAC-SHA256')
        }
    },
  )

  it('leaves the canonical request out where it would be one, and nothing else', async () => {
    const [s3 = '', json = '', query = ''] = await answersTo(
      LARGE['a path of bare bytes'] as ReceivedRequest,
      'execute-api',
    )
    expect(s3).not.toContain('CanonicalRequest')
    expect(s3).toContain('<StringToSign>AWS4-HMAC-SHA256')
    // Those have it once, and not in hex beside it.
    for (const body of [json, query]) expect(body).toContain('The Canonical String')
  })

  it('shows the canonical request of any honest one', async () => {
    const key = encodeURIComponent('einige Bilder/Übersicht 1.jpg')
    for (const target of [`/${key}`, `/${key.repeat(4)}?list-type=2&prefix=${key}`, '/'])
      for (const service of ['s3', 'execute-api']) {
        const [s3 = '', json = '', query = ''] = await answersTo(wrong(target), service)
        expect(s3).toMatch(/<CanonicalRequest>.*<CanonicalRequestBytes>/s)
        for (const body of [json, query]) expect(body).toContain('The Canonical String')
      }
  })

  describe.each(Object.entries(GROWING))('however much is sent: %s', (_, make) => {
    const options = {
      service: 'any',
      now,
      credentials: () => ({ ...credentials, secretAccessKey: 'another' }),
    }
    const refusedOf = async (n: number) => (await verify(make(n), options)) as Refused

    it('says no more than of a small one', async () => {
      const refused = await refusedOf(100_000)
      expect(refused.reason).toBe('signature-mismatch')
      for (const protocol of PROTOCOLS)
        expect(Buffer.byteLength(awsError(refused, protocol).body)).toBeLessThan(4096)
    })

    it('costs no more than that, as nothing of it is written out to be thrown away', async () => {
      const sizes = new Map<number, Refused>()
      for (const n of [1e6 / 64, 1e6 / 8, 1e6])
        sizes.set(Math.ceil(n), await refusedOf(Math.ceil(n)))
      for (const protocol of PROTOCOLS) {
        // By the byte: a 64th of it where the answer costs the same, 1 where it costs as much as the request.
        const growth = await growthOf(1e6, (n) => () => awsError(sizes.get(n) as Refused, protocol))
        expect([protocol, growth < 1 / 4]).toEqual([protocol, true])
      }
    })
  })
})
