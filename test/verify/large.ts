import type { ReceivedRequest } from 'countersign'
import { EMPTY } from './common.ts'

/** The services for whose sake a path is read by either rule. */
export const SERVICES = ['s3', 'execute-api'] as const

/** What of a request is large; the rest is small. */
export interface Large {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly signedHeaders?: string
  /** Before the scope. */
  readonly accessKeyId?: string
  readonly authorization?: string
}

const SIGNATURE = '0'.repeat(64)
const signed = 'host;x-amz-content-sha256;x-amz-date'

/** Why a request is refused: for what of it is large, or as it has more parameters than others read. */
export const refusalOf = ({ url }: ReceivedRequest, want: string): string =>
  url.split('&').length > 1000 ? 'malformed-authorization' : want

/** A request that a server has to read to its end, and then refuses. */
export function requestOf(
  { method = 'GET', path = '/', query = '', headers = [], ...auth }: Large,
  service: string,
): ReceivedRequest {
  const { accessKeyId = 'AKIDEXAMPLE', signedHeaders = signed } = auth
  const credential = `${accessKeyId}/20150830/us-east-1/${service}/aws4_request`
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
      ...(/(^|&)X-Amz-Signature=/.test(query) ? [] : ([['authorization', authorization]] as const)),
      ...headers,
    ],
  }
}

const presigned = (more: string, signedHeaders = 'host;x-amz-content-sha256;x-amz-date') =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=${encodeURIComponent(signedHeaders)}&X-Amz-Signature=${SIGNATURE}&${more}`

const times = (n: number, one: (index: number) => string, separator = '') =>
  Array.from({ length: n }, (_, index) => one(index)).join(separator)
const fields = (n: number, name: (index: number) => string, value = 'a  b') =>
  Array.from({ length: n }, (_, index) => [name(index), value] as const)
/** A text again and again, up to a length. */
const filled = (n: number, text: string) => text.repeat(Math.ceil(n / text.length))

type Growing = readonly [size: number, want: string, make: (n: number) => Large]

const path = (size: number, make: (n: number) => string): Growing => [
  size,
  'signature-mismatch',
  (n) => ({ path: make(n) }),
]
const query = (size: number, make: (n: number) => string): Growing => [
  size,
  'signature-mismatch',
  (n) => ({ query: make(n) }),
]
const authorization = (size: number, make: (n: number) => Large): Growing => [
  size,
  'malformed-authorization',
  make,
]

const PATHS: Record<string, Growing> = {
  'a path': path(1e5, (n) => `/${'a'.repeat(n)}`),
  'a path of slashes': path(1e5, (n) => '/'.repeat(n)),
  'a path of a/': path(1e5, (n) => `/${filled(n, 'a/')}`),
  'a path of ../': path(1e5, (n) => `/${filled(n, '../')}`),
  'a path of ./': path(1e5, (n) => `/${filled(n, './')}`),
  'a path of //a': path(1e5, (n) => filled(n, '//a')),
  'a path of //a/..': path(1e5, (n) => filled(n, '//a/..')),
  'a path that goes down and up': path(1e5, (n) => filled(n / 2, '/a') + filled(n / 2, '/..')),
  'a path of %2e%2e/': path(1e5, (n) => `/${filled(n, '%2e%2e/')}`),
  'a path of %2F': path(1e5, (n) => `/${filled(n, '%2F')}`),
  'a path of %': path(1e5, (n) => `/${'%'.repeat(n)}`),
  'a path of %u': path(1e5, (n) => `/${filled(n, '%u')}`),
  'a path of %c3': path(1e5, (n) => `/${filled(n, '%c3')}`),
  'a path of +': path(1e5, (n) => `/${'+'.repeat(n)}`),
  'a path of @': path(1e5, (n) => `/${'@'.repeat(n)}`),
  'a path of ü': path(1e5, (n) => `/${'\u00fc'.repeat(n)}`),
  'a path of blanks': path(1e5, (n) => `/${' '.repeat(n)}`),
}

const QUERIES: Record<string, Growing> = {
  'query parameters': query(1e4, (n) => times(n, (index) => `a${index}=b%20${index}`, '&')),
  'query parameters that are long': query(1e5, (n) =>
    times(999, (index) => `a${index}=${filled(n / 999, 'b%20')}`, '&'),
  ),
  'query parameters of one name': query(1e4, (n) => times(n, () => 'a=b', '&')),
  'parameters that begin alike': query(5e3, (n) => times(n, (i) => `${'a'.repeat(99)}${i}=`, '&')),
  'X-Amz- parameters': query(1e4, (n) => times(n, (index) => `X-Amz-${index}=b`, '&')),
  'one parameter name of X-Amz-': query(1e5, (n) => filled(n, 'X-Amz-')),
  'a query of &': query(1e5, (n) => '&'.repeat(n)),
  'a query of =': query(1e5, (n) => '='.repeat(n)),
  'a query of %': query(1e5, (n) => '%'.repeat(n)),
  'a query of +': query(1e5, (n) => '+'.repeat(n)),
  'a query of ?': query(1e5, (n) => '?'.repeat(n)),
  'a query of Token': query(1e5, (n) => filled(n, 'X-Amz-Token')),
  'a query of what must be encoded': query(1e5, (n) => '\u00fc'.repeat(n)),
  'parameters of a presigned URL': query(1e4, (n) =>
    presigned(times(n, (index) => `a${index}=b%20${index}`, '&')),
  ),
  'a query of % behind a signature': query(1e5, (n) => presigned('%'.repeat(n))),
  'a session token in a query': [
    1e5,
    'invalid-session-token',
    (n) => ({ query: presigned(`X-Amz-Security-Token=${filled(n, '%2B')}`) }),
  ],
  'signed names in a query': [
    1e4,
    'signed-header-missing',
    (n) => ({ query: presigned('', `host;${times(n, (index) => `h${index}`, ';')}`) }),
  ],
}

const HEADERS: Record<string, Growing> = {
  'a header value': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [['a', 'x'.repeat(n)]], signedHeaders: `a;${signed}` }),
  ],
  'a header value of blanks': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [['a', `x${' '.repeat(n)}x`]], signedHeaders: `a;${signed}` }),
  ],
  'a header value of tabs and blanks': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [['a', filled(n, ' \tx')]], signedHeaders: `a;${signed}` }),
  ],
  'a header value of , and "': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [['a', filled(n, '", a')]], signedHeaders: `a;${signed}` }),
  ],
  'a session token': [
    1e5,
    'unsigned-headers',
    (n) => ({ headers: [['x-amz-security-token', filled(n, 'token')]] }),
  ],
  'a date': [1e5, 'signature-mismatch', (n) => ({ headers: [['date', filled(n, '1 Jan ')]] })],
  'a host': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [['x-forwarded-host', filled(n, 'a.')]] }),
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
  'names in Connection': [
    1e4,
    'signature-mismatch',
    (n) => ({
      headers: [
        ...fields(n, (index) => `h${index}`),
        ['connection', times(n, (index) => `k${index}`, ', ')],
      ],
    }),
  ],
  'names of headers that did not arrive': [
    1e4,
    'signed-header-missing',
    (n) => ({ signedHeaders: `${signed};${times(n, (index) => `h${index}`, ';')}` }),
  ],
  'the name of a header': [
    1e5,
    'signature-mismatch',
    (n) => ({ headers: [[filled(n, 'x-'), '']] }),
  ],
}

const CLAIMS: Record<string, Growing> = {
  'a method': [1e5, 'signature-mismatch', (n) => ({ method: 'A'.repeat(n) })],
  'a key id': [1e5, 'unknown-access-key', (n) => ({ accessKeyId: 'A'.repeat(n) })],
  'a key id of slashes': [1e5, 'unknown-access-key', (n) => ({ accessKeyId: '/'.repeat(n) })],
  'a key id of scopes': [
    1e5,
    'unknown-access-key',
    (n) => ({ accessKeyId: `a${filled(n, '/20150830/a/b')}` }),
  ],
  'one signed name many times': authorization(1e5, (n) => ({
    signedHeaders: times(n, () => 'host', ';'),
  })),
  'a target of @ that is no path': authorization(1e5, (n) => ({ path: '@'.repeat(n) })),
  'a target of #': authorization(1e5, (n) => ({ path: `/${'#'.repeat(n)}` })),
  'a URL whose authority is @': authorization(1e5, (n) => ({ path: `https://${'@'.repeat(n)}` })),
  'a URL whose authority is digits': authorization(1e5, (n) => ({
    path: `https://a:${'1'.repeat(n)}:`,
  })),
  'commas in Authorization': authorization(1e5, (n) => ({
    authorization: `AWS4-HMAC-SHA256 ${','.repeat(n)}`,
  })),
  'fields of Authorization': authorization(5e4, (n) => ({
    authorization: `AWS4-HMAC-SHA256 ${times(n, () => 'Credential=a', ',')}`,
  })),
  'blanks in Authorization': authorization(1e5, (n) => ({
    authorization: `AWS4-HMAC-SHA256${' '.repeat(n)}`,
  })),
  'a region without an end': authorization(1e5, (n) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=a/20150830/${'b'.repeat(n)}, SignedHeaders=host, Signature=${SIGNATURE}`,
  })),
}

/** What grows of a request, to a size, and what becomes of the request. */
export const LARGE: Readonly<Record<string, Growing>> = {
  ...PATHS,
  ...QUERIES,
  ...HEADERS,
  ...CLAIMS,
}
