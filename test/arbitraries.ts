import type { PresignOptions, SigningRequest } from 'countersign'
import { fc } from './support/properties.ts'

/** A hostile request, in the parts that every signer of the comparison is handed. */
export interface Hostile {
  readonly method: string
  /** Scheme and authority as a caller spells them. */
  readonly origin: string
  /** What a client makes of it for the Host header. */
  readonly host: string
  /** Path and query as a caller spells them: neither decoded nor encoded for the wire. */
  readonly path: string
  readonly query: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | Uint8Array | undefined
  readonly service: string
  readonly region: string
  readonly date: Date
  readonly expiresIn: number
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

/** What survives in a path or query of any service, down to the shortest malformed escape. */
const pieces = fc.oneof(
  fc.constantFrom('a', 'Z9', '-._~', '%7E', '%41', 'ü', '日本', '😀', '%C3%BC', '%c3%bc', '%20'),
  fc.constantFrom('%zz', '%', '%2', '%%', '%2F', '%2f', '%25', '%2B', '%23', '%3F', '%5C', '%2e'),
  fc.constantFrom(...'!$&\'()*+,;:@= "<>[]^`{|}', '%0A', '%00', '%27'),
  fc.constantFrom('constructor', 'a:b', '100%', 'e\u0301', '\u00a0', '..', '.'),
)

/** A segment that is a dot segment in some spelling, as S3 reads %2F too, is refused, or resolved, before it is signed. */
const isDots = (segment: string): boolean => /(^|%2f)(\.|%2e){1,2}(%2f|$)/i.test(segment)

const segment = fc
  .array(pieces, { maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((text) => !isDots(text))

/** Services that normalise resolve dot segments as their signers do: they may stand inside a path. */
const dotted = fc.oneof({ weight: 6, arbitrary: segment }, fc.constantFrom('.', '..'))

const pathOf = (service: string): fc.Arbitrary<string> =>
  fc
    .array(service === 's3' ? segment : dotted, { maxLength: 5 })
    .map((segments) => (segments.length > 0 ? `/${segments.join('/')}` : ''))
    // AWS and URL parsers resolve these to different parents: see wire.test.ts.
    .filter((path) => !/\/\/(.*\/)?\.\.(\/|$)/.test(path))

const name = fc.oneof(
  fc.constantFrom('a', 'A', 'b', 'list-type', 'prefix', 'p[page]', 'p[pageSize]', 'p%5Bpage%5D'),
  fc.constantFrom('__proto__', 'constructor', '', '0', '10', '9', 'ü', 'é', '%zz', 'a+b', 'a%2Bb'),
  fc.array(pieces, { maxLength: 2 }).map((parts) => parts.join('').replace(/[&=]/g, '')),
)

const value = fc.oneof(
  fc.constantFrom('', '1', 'b=c', '=', "!'()*", 'a+b', 'a b', 'a%20b', '%2B', '//', '?', 'a/b?c'),
  fc.array(pieces, { maxLength: 3 }).map((parts) => parts.join('').replaceAll('&', '')),
)

const query = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(name, value).map((pair) => pair.join('=')) },
      { weight: 2, arbitrary: name },
      { weight: 1, arbitrary: fc.constant('') },
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join('&'))

const headerName = fc.constantFrom(
  ...['content-type', 'x-amz-meta-a', 'X-Amz-Meta-A', 'x-amz-acl', 'My-Header1', 'cache-control'],
  ...[
    'range',
    'if-match',
    'x_y',
    'User-Agent',
    'Accept-Encoding',
    'TE',
    'referer',
    'Sec-Fetch-Mode',
  ],
)

const headerValue = fc
  .array(fc.constantFrom('a', 'b c', '  ', '\t', ' \t ', 'ü', '"q  q"', 'a,b', ';=', '\u00a0'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''))

/** Spelled and sent. */
const authorities: readonly (readonly [origin: string, host: string])[] = [
  ['https://example.amazonaws.com', 'example.amazonaws.com'],
  ['https://EXAMPLE.amazonaws.com:443', 'example.amazonaws.com'],
  ['http://user:pass@localhost:80', 'localhost'],
  ['http://localhost:9000', 'localhost:9000'],
  ['https://[::1]:80', '[::1]:80'],
]

const requestOf = (service: string): fc.Arbitrary<Hostile> =>
  fc
    .record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'PATCH'),
      authority: fc.constantFrom(...authorities),
      path: pathOf(service),
      query,
      headers: fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.tuple(headerName, headerValue) },
          fc.constant(['Connection', 'close, X_Y'] as const),
        ),
        { maxLength: 4 },
      ),
      body: fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 40 })), {
        nil: undefined,
      }),
      service: fc.constant(service),
      region: fc.constantFrom('us-east-1', 'eu-west-1', 'cn-north-1', 'us-gov-west-1', 'auto'),
      date: fc.date({
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
        noInvalidDate: true,
      }),
      expiresIn: fc.integer({ min: 1, max: 604800 }),
      credentials: fc.record(
        {
          accessKeyId: fc.constantFrom('AKIDEXAMPLE', 'ASIAIOSFODNN7EXAMPLE'),
          secretAccessKey: fc.constantFrom('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'a', 'ü'),
          sessionToken: fc.constantFrom('AQoDYXdzEPT//////////wEXAMPLE+/=', 'token'),
        },
        { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
      ),
    })
    .map(({ authority: [origin, host], ...rest }) => ({ origin, host, ...rest }))

/** Requests to the services whose rules differ, as hostile as a URL and a header can be. */
export const hostile: fc.Arbitrary<Hostile> = fc
  .constantFrom('s3', 'execute-api', 'dynamodb', 'es')
  .chain(requestOf)

/** What countersign is handed for it. */
export const asRequest = ({ method, origin, path, query, headers, body }: Hostile) =>
  ({
    method,
    url: `${origin}${path}${query && `?${query}`}`,
    headers,
    ...(body !== undefined && { body }),
  }) satisfies SigningRequest

export const asOptions = ({ service, region, credentials, date, expiresIn }: Hostile) =>
  ({ service, region, credentials, signingDate: date, expiresIn }) satisfies PresignOptions
