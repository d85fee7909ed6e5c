import { awsError, type ReceivedRequest, type Refused } from 'countersign'
import { verify } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { EMPTY, now, verifying } from './common.ts'

// It compares times, which a noisy machine cannot promise: run it with COUNTERSIGN_GROWTH=1.
const timed = describe.runIf(process.env.COUNTERSIGN_GROWTH)

interface Large {
  method?: string
  path?: string
  query?: string
  headers?: Iterable<readonly [string, string]>
  signedHeaders?: string
  credential?: string
  authorization?: string
}

const CREDENTIAL = 'AKIDEXAMPLE/20150830/us-east-1/s3/aws4_request'
const SIGNATURE = '0'.repeat(64)

/** A request that a server has to read to its end, and then refuses. */
function requestOf({
  method = 'GET',
  path = '/',
  query = '',
  headers = [],
  ...auth
}: Large): ReceivedRequest {
  const { credential = CREDENTIAL, signedHeaders = 'host;x-amz-content-sha256;x-amz-date' } = auth
  const {
    authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${SIGNATURE}`,
  } = auth
  return {
    method,
    url: query ? `${path}?${query}` : path,
    headers: [
      ['host', 'abc.example.com'],
      ['x-amz-date', '20150830T123600Z'],
      ['x-amz-content-sha256', EMPTY],
      ['authorization', authorization],
      ...headers,
    ],
  }
}

const times = (n: number, one: (index: number) => string, separator = '') =>
  Array.from({ length: n }, (_, index) => one(index)).join(separator)
const fields = (n: number, name: (index: number) => string, value = 'a  b') =>
  Array.from({ length: n }, (_, index) => [name(index), value] as const)
const signed = 'host;x-amz-content-sha256;x-amz-date'

/** A megabyte, or ten thousand, of what the size says; and what becomes of the request. */
const LARGE: Record<string, readonly [size: number, want: string, make: (n: number) => Large]> = {
  'a header value': [
    1e6,
    'signature-mismatch',
    (n) => ({ headers: [['a', 'x'.repeat(n)]], signedHeaders: `a;${signed}` }),
  ],
  'a header value of blanks': [
    1e6,
    'signature-mismatch',
    (n) => ({ headers: [['a', `x${' '.repeat(n)}x`]], signedHeaders: `a;${signed}` }),
  ],
  'a header value of tabs and blanks': [
    1e6,
    'signature-mismatch',
    (n) => ({ headers: [['a', ' \tx'.repeat(n / 3)]], signedHeaders: `a;${signed}` }),
  ],
  'header fields': [
    1e4,
    'signature-mismatch',
    (n) => ({ headers: fields(n, (index) => `h${index}`) }),
  ],
  'header fields of one name': [
    1e4,
    'signature-mismatch',
    (n) => ({ headers: fields(n, () => 'a'), signedHeaders: `a;${signed}` }),
  ],
  'signed header fields': [
    1e4,
    'signature-mismatch',
    (n) => ({
      headers: fields(n, (index) => `h${index}`),
      signedHeaders: `${times(n, (index) => `h${index}`, ';')};${signed}`,
    }),
  ],
  'signed x-amz- fields': [
    1e4,
    'signature-mismatch',
    (n) => ({
      headers: fields(n, (index) => `x-amz-${index}`),
      signedHeaders: `${signed};${times(n, (index) => `x-amz-${index}`, ';')}`,
    }),
  ],
  'unsigned x-amz- fields': [
    1e4,
    'unsigned-headers',
    (n) => ({ headers: fields(n, (index) => `x-amz-${index}`) }),
  ],
  'names of headers that did not arrive': [
    1e4,
    'signed-header-missing',
    (n) => ({ signedHeaders: `${signed};${times(n, (index) => `h${index}`, ';')}` }),
  ],
  'one signed name many times': [
    1e5,
    'malformed-authorization',
    (n) => ({ signedHeaders: times(n, () => 'host', ';') }),
  ],
  'query parameters': [
    1e4,
    'signature-mismatch',
    (n) => ({ query: times(n, (index) => `a${index}=b%20${index}`, '&') }),
  ],
  'query parameters of one name': [
    1e4,
    'signature-mismatch',
    (n) => ({ query: times(n, () => 'a=b', '&') }),
  ],
  'X-Amz- parameters': [
    1e4,
    'signature-mismatch',
    (n) => ({ query: times(n, (index) => `X-Amz-${index}=b`, '&') }),
  ],
  'one parameter name of X-Amz-': [
    1e5,
    'signature-mismatch',
    (n) => ({ query: 'X-Amz-'.repeat(n / 6) }),
  ],
  'a query of &': [1e6, 'signature-mismatch', (n) => ({ query: '&'.repeat(n) })],
  'a query of =': [2e5, 'signature-mismatch', (n) => ({ query: '='.repeat(n) })],
  'a query of %': [2e5, 'signature-mismatch', (n) => ({ query: '%'.repeat(n) })],
  'a query of +': [2e5, 'signature-mismatch', (n) => ({ query: '+'.repeat(n) })],
  'a query of what must be encoded': [
    1e5,
    'signature-mismatch',
    (n) => ({ query: '\u00fc'.repeat(n) }),
  ],
  'a path': [1e6, 'signature-mismatch', (n) => ({ path: `/${'a'.repeat(n)}` })],
  'a path of slashes': [1e6, 'signature-mismatch', (n) => ({ path: '/'.repeat(n) })],
  'a path of dot segments': [
    1e6,
    'signature-mismatch',
    (n) => ({ path: `${'/a'.repeat(n / 5)}${'/..'.repeat(n / 5)}` }),
  ],
  'a path of escapes': [2e5, 'signature-mismatch', (n) => ({ path: `/${'%c3'.repeat(n / 3)}` })],
  'a path of @': [2e5, 'signature-mismatch', (n) => ({ path: `/${'@'.repeat(n)}` })],
  'a target of @ that is no path': [
    1e6,
    'malformed-authorization',
    (n) => ({ path: '@'.repeat(n) }),
  ],
  'a URL whose authority is @': [
    1e6,
    'malformed-authorization',
    (n) => ({ path: `https://${'@'.repeat(n)}` }),
  ],
  'a URL whose authority is digits': [
    1e6,
    'malformed-authorization',
    (n) => ({ path: `https://a:${'1'.repeat(n)}:` }),
  ],
  'a method': [1e6, 'signature-mismatch', (n) => ({ method: 'A'.repeat(n) })],
  'a key id of slashes': [
    1e6,
    'unknown-access-key',
    (n) => ({ credential: `${'/'.repeat(n)}${CREDENTIAL}` }),
  ],
  'a key id of scopes': [
    1e6,
    'unknown-access-key',
    (n) => ({ credential: `${'/20150830/a/b'.repeat(n / 13)}${CREDENTIAL}` }),
  ],
  'a region without an end': [
    1e6,
    'malformed-authorization',
    (n) => ({ credential: `a/20150830/${'b'.repeat(n)}` }),
  ],
  'commas in Authorization': [
    1e6,
    'malformed-authorization',
    (n) => ({ authorization: `AWS4-HMAC-SHA256 ${','.repeat(n)}` }),
  ],
  'fields of Authorization': [
    1e5,
    'malformed-authorization',
    (n) => ({ authorization: `AWS4-HMAC-SHA256 ${times(n, () => 'Credential=a', ',')}` }),
  ],
  'blanks in Authorization': [
    1e6,
    'malformed-authorization',
    (n) => ({ authorization: `AWS4-HMAC-SHA256${' '.repeat(n)}` }),
  ],
}

const GROWTH = 8

/** The least time of several runs, in milliseconds: what else the machine does only adds to it. */
function timeOf(call: () => void, runs: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    call()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

timed('the time that it takes to refuse', () => {
  it.each(Object.entries(LARGE))('%s grows no faster than its size', (_, [size, want, make]) => {
    const ofSize = (n: number, runs: number) => {
      const request = requestOf(make(n))
      return timeOf(() => {
        const result = verify(request, { ...verifying, ...{ service: 'any', now } }) as Refused
        expect(result.reason).toBe(want)
        for (const protocol of ['s3', 'json'] as const) awsError(result, protocol)
      }, runs)
    }
    const small = ofSize(size / GROWTH, 5)
    const large = ofSize(size, 2)
    // What grows by the square would take 64 times as long.
    expect(large / Math.max(small, 0.5)).toBeLessThan(GROWTH * 4)
  })
})
