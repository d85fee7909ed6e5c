import { createHash, createHmac } from 'node:crypto'
import {
  type MismatchCause,
  presign,
  type ReceivedRequest,
  type ServerExplainOptions,
  type VerifyOptions,
} from 'countersign'

/** A fault: a request as it arrives, and the cause that must be named first. */
export interface Fault {
  readonly name: string
  readonly causes: readonly MismatchCause[]
  readonly received: ReceivedRequest
  readonly options?: Partial<ServerExplainOptions>
}

export const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
export const OTHER = {
  accessKeyId: 'AKIDOTHER',
  secretAccessKey: 'OtherSecretOtherSecretOtherSecretOther00',
}
export const TEMPORARY = { ...KEY, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+TOKEN/with=chars' }
export const NOW = new Date('2026-11-24T12:00:00Z')
const AMZ = '20261124T120000Z'
const HOST = 'abc.execute-api.eu-west-1.amazonaws.com'

/** A signer that makes any mistake: each stage can be given. Written apart from src. */
export interface Manual {
  method?: string
  path?: string
  canonicalPath?: string
  query?: string
  canonicalQuery?: string
  headers?: Record<string, string>
  canonicalHeaders?: Record<string, string>
  signedHeaders?: string[]
  body?: string
  payload?: string
  region?: string
  service?: string
  day?: string
  keyScope?: readonly string[]
  secret?: string
  id?: string
  signedMethod?: string
  terminator?: string
}

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

export function manual(it: Manual): ReceivedRequest {
  const {
    method = 'POST',
    path = '/prod/items',
    query = '',
    body = '{"a": 1}',
    region = 'eu-west-1',
  } = it
  const { service = 'execute-api', day = AMZ.slice(0, 8), terminator = 'aws4_request' } = it
  const sent: Record<string, string> = {
    host: HOST,
    'x-amz-date': AMZ,
    'content-type': 'application/json',
    ...it.headers,
  }
  const shown: Record<string, string> = { ...sent, ...it.canonicalHeaders }
  const names = it.signedHeaders ?? Object.keys(shown).sort()
  const canonical = [
    it.signedMethod ?? method,
    it.canonicalPath ?? path,
    it.canonicalQuery ?? query,
    ...names.map((name) => `${name}:${shown[name]}`),
    '',
    names.join(';'),
    it.payload ?? sha256(body),
  ].join('\n')
  const scope = [day, region, service, terminator]
  const text = `AWS4-HMAC-SHA256\n${AMZ}\n${scope.join('/')}\n${sha256(canonical)}`
  let key: Buffer | string = `AWS4${it.secret ?? KEY.secretAccessKey}`
  for (const part of it.keyScope ?? scope) key = hmac(key, part)
  const signature = hmac(key, text).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${it.id ?? KEY.accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return {
    method,
    url: query ? `${path}?${query}` : path,
    headers: { ...sent, authorization },
    body,
  }
}

const s3 = (it: Manual): ReceivedRequest => {
  const body = it.body ?? 'hello'
  return manual({
    method: 'PUT',
    service: 's3',
    path: '/bucket/a%20b.txt',
    body,
    payload: sha256(body),
    ...it,
    headers: {
      'x-amz-content-sha256': it.payload ?? sha256(body),
      host: 'bucket.s3.eu-west-1.amazonaws.com',
      ...it.headers,
    },
  })
}

const altered = (request: ReceivedRequest, change: Partial<ReceivedRequest>): ReceivedRequest => ({
  ...request,
  ...change,
})
const header = (
  request: ReceivedRequest,
  name: string,
  value: string | undefined,
): ReceivedRequest => ({
  ...request,
  headers: { ...(request.headers as Record<string, string>), [name]: value } as Record<
    string,
    string
  >,
})
const auth = (request: ReceivedRequest, change: (value: string) => string): ReceivedRequest =>
  header(
    request,
    'authorization',
    change((request.headers as Record<string, string>).authorization as string),
  )

/** Every fault of the issue, injected into a good request. */
export async function faults(): Promise<Fault[]> {
  const presigned = await presign(
    { url: 'https://bucket.s3.eu-west-1.amazonaws.com/report%20(1).pdf' },
    {
      service: 's3',
      region: 'eu-west-1',
      credentials: TEMPORARY,
      signingDate: NOW,
      expiresIn: 600,
    },
  )
  const plainUrl = await presign(
    { url: 'https://bucket.s3.eu-west-1.amazonaws.com/report.pdf?versionId=7' },
    { service: 's3', region: 'eu-west-1', credentials: KEY, signingDate: NOW, expiresIn: 600 },
  )
  const target = (url: string) => url.replace(/^https:\/\/[^/]*/, '')
  const get = (url: string): ReceivedRequest => ({
    method: 'GET',
    url: target(url),
    headers: { host: 'bucket.s3.eu-west-1.amazonaws.com' },
  })
  const good = manual({})
  const token = { 'x-amz-security-token': TEMPORARY.sessionToken }
  const withKey = (credentials: typeof TEMPORARY): Partial<VerifyOptions> => ({
    credentials: () => credentials,
  })
  const json = '{"a": 1, "b": [1, 2]}'

  const list: [
    string,
    MismatchCause | readonly MismatchCause[],
    ReceivedRequest,
    Partial<ServerExplainOptions>?,
  ][] = [
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
    ['stage prefix stripped', 'path-prefix', altered(good, { url: '/items' })],
    [
      'given prefix stripped',
      'path-prefix',
      altered(manual({ path: '/tenant-7/items' }), { url: '/items' }),
      { pathPrefixes: ['/tenant-7'] },
    ],
    [
      'prefix added',
      'path-prefix',
      altered(manual({ path: '/items' }), { url: '/internal/items' }),
    ],
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
    [
      'host with a default port',
      'host-port',
      manual({ canonicalHeaders: { host: `${HOST}:443` } }),
    ],
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
      header(
        manual({ headers: { 'accept-encoding': 'gzip, deflate' } }),
        'accept-encoding',
        'gzip',
      ),
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
    ['session token missing', 'token-missing', good, withKey(TEMPORARY)],
    [
      'session token unsigned',
      'token-unsigned',
      header(good, 'x-amz-security-token', TEMPORARY.sessionToken),
      withKey(TEMPORARY),
    ],
    [
      'session token appended',
      'token-appended',
      altered(get(plainUrl.url), {
        url: `${target(plainUrl.url)}&X-Amz-Security-Token=${encodeURIComponent(TEMPORARY.sessionToken)}`,
      }),
      withKey(TEMPORARY),
    ],
    ['session token stale', 'token-unexpected', manual({ headers: token })],
    [
      'token with + as blanks',
      'token-altered',
      altered(get(presigned.url), { url: target(presigned.url).replace('%2BTOKEN', '+TOKEN') }),
      withKey(TEMPORARY),
    ],
    ['wrong region', 'wrong-region', manual({ region: 'us-east-1' })],
    [
      'wrong region in the key',
      'wrong-region',
      manual({ keyScope: ['20261124', 'us-east-1', 'execute-api', 'aws4_request'] }),
    ],
    ['wrong service', 'wrong-service', manual({ service: 'lambda' })],
    [
      'wrong service in the key',
      'wrong-service',
      manual({ keyScope: ['20261124', 'eu-west-1', 's3', 'aws4_request'] }),
    ],
    ['day of another date', 'date-mismatch', manual({ day: '20261123' })],
    [
      'key of yesterday',
      'wrong-day',
      manual({ keyScope: ['20261123', 'eu-west-1', 'execute-api', 'aws4_request'] }),
    ],
    ['wrong terminator', 'wrong-terminator', manual({ terminator: 'aws4-request' })],
    [
      'terminator missing in the key',
      'wrong-terminator',
      manual({ keyScope: ['20261124', 'eu-west-1', 'execute-api'] }),
    ],
    ['clock ahead', 'clock-ahead', good, { now: new Date('2026-11-24T11:00:00Z') }],
    ['clock behind', 'clock-behind', good, { now: new Date('2026-11-24T13:00:00Z') }],
    ['secret with a newline', 'secret-blanks', manual({ secret: `${KEY.secretAccessKey}\n` })],
    [
      'secret with a blank before it',
      'secret-blanks',
      manual({ secret: ` ${KEY.secretAccessKey}` }),
    ],
    ['secret of another key', 'secret-of-another-key', manual({ secret: OTHER.secretAccessKey })],
    [
      'secret URL-encoded',
      'secret-encoded',
      manual({ secret: encodeURIComponent(KEY.secretAccessKey) }),
    ],
    [
      'id and secret swapped',
      'secret-swapped',
      manual({ id: KEY.secretAccessKey, secret: KEY.accessKeyId }),
    ],
    ['id used as the secret', 'secret-swapped', manual({ secret: KEY.accessKeyId })],
    ['method changed', 'method-changed', manual({ signedMethod: 'PUT' })],
    ['HEAD for GET', 'method-changed', manual({ method: 'HEAD', signedMethod: 'GET' })],
    [
      'presigned URL encoded again',
      'url-reencoded',
      altered(get(presigned.url), { url: target(presigned.url).replace(/%/g, '%25') }),
      withKey(TEMPORARY),
    ],
    [
      'presigned URL with &amp;',
      'query-html-escaped',
      altered(get(presigned.url), { url: target(presigned.url).replace(/&/g, '&amp;') }),
      withKey(TEMPORARY),
    ],
    [
      'parameter added after signing',
      'query-parameters-added',
      altered(get(plainUrl.url), { url: `${target(plainUrl.url)}&utm_source=mail` }),
    ],
    [
      'two parameters added after signing',
      'query-parameters-added',
      altered(get(plainUrl.url), { url: `${target(plainUrl.url)}&utm_source=mail&fbclid=1` }),
    ],
    ['signature truncated', 'signature-truncated', auth(good, (value) => value.slice(0, -6))],
    [
      'signature in upper case',
      'signature-case',
      auth(good, (value) => value.replace(/[\da-f]{64}$/, (hex) => hex.toUpperCase())),
    ],
    ['URL expired', 'expired', get(plainUrl.url), { now: new Date('2026-11-24T13:00:00Z') }],
    ['not signed', 'not-signed', header(good, 'authorization', undefined)],
    [
      'query order and path encoding together',
      ['path-single-encoded', 'query-order'],
      manual({
        path: '/prod/a%20b',
        canonicalPath: '/prod/a%20b',
        query: 'b=1&a=2',
        canonicalQuery: 'b=1&a=2',
      }),
    ],
    [
      'body empty and accept-encoding together',
      ['payload-empty', 'volatile-header'],
      header(
        manual({ payload: sha256(''), headers: { 'accept-encoding': 'gzip' } }),
        'accept-encoding',
        'gzip, br',
      ),
    ],
  ]
  return list.map(([name, causes, received, options]) => ({
    name,
    causes: typeof causes === 'string' ? [causes] : causes,
    received,
    ...(options && { options }),
  }))
}

export const serverOptions: ServerExplainOptions = {
  credentials: (id) => (id === KEY.accessKeyId ? KEY : undefined),
  service: ['execute-api', 's3'],
  region: 'eu-west-1',
  now: NOW,
  otherCredentials: [OTHER],
}
