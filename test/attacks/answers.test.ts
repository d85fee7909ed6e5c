import { type AwsProtocol, awsError, type ReceivedRequest, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
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

const LARGE: Record<string, ReceivedRequest> = {
  'a path of blanks': wrong(`/${' '.repeat(3000)}`),
  'a path of bare bytes': wrong(`/${'\xfc'.repeat(3000)}`),
  'a path of escapes': wrong(`/${'%C3%BC'.repeat(1000)}`),
  'a path of percent signs': wrong(`/${'%'.repeat(3000)}`),
  'a path of markup': wrong(`/${'<&"'.repeat(1000)}`),
  'a query of ampersands': wrong(`/?${'&'.repeat(3000)}`),
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
})
