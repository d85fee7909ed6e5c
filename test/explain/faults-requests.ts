import type { MismatchCause, ReceivedRequest, ServerExplainOptions } from 'countersign'
import { altered, header, manual, s3, sha256 } from './manual.ts'

/** Name, causes, the request as it arrives, and what the server has otherwise. */
export type Row = readonly [
  name: string,
  causes: MismatchCause | readonly MismatchCause[],
  received: ReceivedRequest,
  options?: Partial<ServerExplainOptions>,
]

const HOST = 'abc.execute-api.eu-west-1.amazonaws.com'
const good = manual({})
const json = '{"a": 1, "b": [1, 2]}'

/** Faults of the path, the query, the headers and the body. */
export const requestFaults: readonly Row[] = [
  [
    'path encoded once',
    'path-single-encoded',
    manual({ path: '/prod/a%20b', canonicalPath: '/prod/a%20b' }),
  ],
  [
    'path encoded twice for S3',
    'path-double-encoded',
    s3({ canonicalPath: '/bucket/a%2520b.txt' }),
  ],
  ['path not encoded', 'path-not-encoded', s3({ canonicalPath: '/bucket/a b.txt' })],
  [
    'path normalised for S3',
    'path-normalized',
    s3({ path: '/bucket//a/../b', canonicalPath: '/bucket/b' }),
  ],
  [
    'path not normalised',
    'path-not-normalized',
    manual({ path: '/prod//a/../items', canonicalPath: '/prod//a/../items' }),
  ],
  [
    'path decoded by a framework (%2F)',
    'path-decoded',
    altered(s3({ path: '/bucket/a%2Fb' }), { url: '/bucket/a/b' }),
  ],
  [
    'path decoded by a framework (%25)',
    'path-decoded',
    altered(manual({ path: '/prod/a%2520b', canonicalPath: '/prod/a%252520b' }), {
      url: '/prod/a%20b',
    }),
  ],
  [
    'a %2B of the path decoded',
    'plus-decoded',
    altered(s3({ path: '/bucket/a%2Bb', canonicalPath: '/bucket/a%2Bb' }), { url: '/bucket/a+b' }),
  ],
  [
    'escapes of the path in lower case',
    'path-hex-case',
    altered(manual({ path: '/b%3Ac', canonicalPath: '/b%253Ac' }), { url: '/b%3ac' }),
  ],
  [
    'a + of the path decoded where ( stays',
    'path-decoded',
    altered(manual({ path: '/a%2Bb/x(1)', canonicalPath: '/a%252Bb/x%281%29' }), {
      url: '/a+b/x(1)',
    }),
  ],
  [
    ': of the path decoded where = stays',
    'path-decoded',
    altered(manual({ path: '/b%3Ac/a=b', canonicalPath: '/b%253Ac/a%3Db' }), { url: '/b:c/a=b' }),
  ],
  [
    '+ beside %20',
    'query-plus',
    manual({ query: 'q=a+b&q=a%20b', canonicalQuery: 'q=a%20b&q=a%2Bb' }),
  ],
  ['stage prefix stripped', 'path-prefix', altered(good, { url: '/items' })],
  [
    'given prefix stripped',
    'path-prefix',
    altered(manual({ path: '/tenant-7/items' }), { url: '/items' }),
    { pathPrefixes: ['/tenant-7'] },
  ],
  ['prefix added', 'path-prefix', altered(manual({ path: '/items' }), { url: '/internal/items' })],
  [
    'query sorted before encoding',
    'query-order',
    manual({
      query: 'p[page]=1&pSize=2',
      canonicalQuery: 'pSize=2&p%5Bpage%5D=1',
    }),
  ],
  ['query not sorted', 'query-order', manual({ query: 'b=2&a=1', canonicalQuery: 'b=2&a=1' })],
  ['+ for a blank', 'query-plus', manual({ query: 'q=a+b', canonicalQuery: 'q=a%2Bb' })],
  ['+ signed as it is', 'query-plus', manual({ query: 'q=a%20b', canonicalQuery: 'q=a+b' })],
  ['missing =', 'query-missing-equals', manual({ query: 'acl', canonicalQuery: 'acl' })],
  [
    'host without its port',
    'host-port',
    header(
      manual({ headers: { host: 'localhost:9000' }, canonicalHeaders: { host: 'localhost' } }),
      'host',
      'localhost:9000',
    ),
  ],
  ['host with a default port', 'host-port', manual({ canonicalHeaders: { host: `${HOST}:443` } })],
  ['other host', 'host-changed', header(good, 'host', 'internal:8080')],
  [
    'forwarded host',
    'host-changed',
    {
      ...header(good, 'host', 'backend.internal'),
      headers: {
        ...(good.headers as Record<string, string>),
        host: 'backend.internal',
        'x-forwarded-host': HOST,
      },
    },
  ],
  ['header dropped', 'header-dropped', header(good, 'content-type', undefined)],
  ['x-amz- header added', 'header-added', header(good, 'x-amz-cf-id', 'abc')],
  [
    'header case altered',
    'header-case',
    header(manual({ headers: { 'x-custom': 'AbC' } }), 'x-custom', 'abc'.toUpperCase()),
  ],
  [
    'header blanks kept',
    'header-blanks',
    manual({ headers: { 'x-custom': 'a   b' }, canonicalHeaders: { 'x-custom': 'a   b' } }),
  ],
  [
    'header list respaced',
    'header-blanks',
    header(manual({ headers: { 'x-custom': 'a,b' } }), 'x-custom', 'a, b'),
  ],
  [
    'header values reordered',
    'header-order',
    header(manual({ headers: { 'x-custom': 'b,a' } }), 'x-custom', 'a,b'),
  ],
  [
    'content-type rewritten',
    'header-changed',
    header(good, 'content-type', 'application/json; charset=utf-8'),
  ],
  [
    'accept-encoding rewritten',
    'volatile-header',
    header(manual({ headers: { 'accept-encoding': 'gzip, deflate' } }), 'accept-encoding', 'gzip'),
  ],
  [
    'user-agent rewritten',
    'volatile-header',
    header(manual({ headers: { 'user-agent': 'acme/1.0' } }), 'user-agent', 'acme/1.0 proxy'),
  ],
  [
    'content-length rewritten',
    'volatile-header',
    header(manual({ headers: { 'content-length': '8' } }), 'content-length', '0'),
  ],
  [
    'x-amzn-trace-id rewritten',
    'volatile-header',
    header(
      manual({ headers: { 'x-amzn-trace-id': 'Root=1-a' } }),
      'x-amzn-trace-id',
      'Root=1-a;Parent=b',
    ),
  ],
  ['body signed empty', 'payload-empty', manual({ payload: sha256('') })],
  ['body dropped', 'payload-dropped', altered(s3({}), { body: '' })],
  ['body altered', 'payload-altered', altered(s3({}), { body: 'hellp' })],
  [
    'body re-serialised',
    'payload-reserialized',
    manual({ body: json, payload: sha256(JSON.stringify(JSON.parse(json))) }),
  ],
  [
    'body re-serialised after signing',
    'payload-reserialized',
    altered(s3({ body: '{"a":1}' }), { body: '{\n  "a": 1\n}' }),
  ],
  [
    'UNSIGNED-PAYLOAD signed, hash expected',
    'payload-unsigned',
    manual({ payload: 'UNSIGNED-PAYLOAD' }),
  ],
  [
    'hash signed, UNSIGNED-PAYLOAD sent',
    'payload-unsigned',
    header(s3({}), 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
  ],
  [
    'S3 without its hash header',
    'payload-hash-missing',
    manual({ service: 's3', path: '/bucket/k' }),
  ],
]
