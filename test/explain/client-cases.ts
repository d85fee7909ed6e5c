import { type ClientCase, get, header, line, target } from './client-case.ts'
import { headerCases } from './client-cases-headers.ts'

const BUCKET = 'https://bucket.s3.eu-west-1.amazonaws.com'
const s3 = { service: 's3' }

/** Cases of the path, the query and the host, and all the others. */
export const clientCases: readonly ClientCase[] = [
  {
    name: 'a path encoded once where the service encodes it twice',
    request: get('/prod/a%20b'),
    options: { pathEncoding: 'single' },
    causes: ['path-single-encoded'],
    places: ['path 2:10'],
  },
  {
    name: 'a path encoded twice for S3',
    request: { url: `${BUCKET}/a%20b.txt` },
    options: { ...s3, pathEncoding: 'double' },
    causes: ['path-double-encoded'],
    places: ['path 2:5'],
  },
  {
    name: 'a path normalised for S3',
    request: { url: `${BUCKET}/a//b/./c` },
    options: { ...s3, pathNormalization: 'rfc3986', dotSegments: 'literal' },
    causes: ['path-normalized'],
    places: ['path 2:4'],
  },
  {
    name: 'a path that is not normalised',
    request: get('/prod//a/../items'),
    options: { pathNormalization: 'none', dotSegments: 'literal' },
    causes: ['path-not-normalized'],
    places: ['path 2:7'],
  },
  {
    name: 'a path encoded once and not normalised',
    request: get('/prod//a%20b'),
    options: { pathNormalization: 'none', pathEncoding: 'single' },
    causes: ['path-single-encoded', 'path-not-normalized'],
    places: ['path 2:7'],
  },
  {
    name: 'a stage that the gateway strips',
    request: get('/prod/items'),
    onTheWay: target((path) => path.replace('/prod', '')),
    causes: ['path-prefix'],
    places: ['path 2:2'],
  },
  {
    name: 'a prefix that the gateway adds',
    request: get('/items'),
    onTheWay: target((path) => `/internal${path}`),
    causes: ['path-prefix'],
    places: ['path 2:3'],
  },
  {
    name: 'a path that a proxy decodes',
    request: { url: `${BUCKET}/a%2Fb` },
    options: { ...s3, encodedSlash: 'literal' },
    onTheWay: target(decodeURIComponent),
    causes: ['path-decoded'],
    places: ['path 2:3'],
  },
  {
    name: 'another path',
    request: get('/prod/items'),
    onTheWay: target(() => '/prod/orders'),
    causes: ['path-changed'],
    places: ['path 2:7'],
  },
  {
    name: 'a server that sorts the query another way',
    request: get('/p?p%5Bpage%5D=1&pSize=2'),
    server: { change: line(3, () => 'pSize=2&p%5Bpage%5D=1') },
    causes: ['query-order'],
    places: ['query 3:2'],
  },
  {
    name: 'a server that takes a + for itself',
    request: get('/p?q=a+b'),
    server: { change: line(3, () => 'q=a%2Bb') },
    causes: ['query-plus'],
    places: ['query 3:6'],
  },
  {
    name: 'a server that leaves out the = of an empty parameter',
    request: get('/p?acl'),
    server: { change: line(3, () => 'acl') },
    causes: ['query-missing-equals'],
    places: ['query 3:4'],
  },
  {
    name: 'a parameter added on the way',
    request: get('/p?a=1'),
    onTheWay: target((path) => `${path}&utm_source=mail`),
    causes: ['query-parameters-added'],
    places: ['query 3:4'],
  },
  {
    name: 'a parameter dropped on the way',
    request: get('/p?a=1&b=2'),
    onTheWay: target((path) => path.replace('&b=2', '')),
    causes: ['query-changed'],
    places: ['query 3:4'],
  },
  {
    name: 'a host of which the proxy cuts off the port',
    request: { url: 'http://localhost:9000/items' },
    onTheWay: header('host', 'localhost'),
    causes: ['host-port'],
    places: ['header 4:15'],
  },
  {
    name: 'a host that the proxy replaces',
    request: get('/prod/items'),
    onTheWay: header('host', 'backend.internal'),
    causes: ['host-changed'],
    places: ['header 4:6'],
  },
  ...headerCases,
]
