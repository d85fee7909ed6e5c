import type { Credentials, SignedRequest, SigningRequest } from 'countersign'
import { presign, type SyncPresignOptions, sign } from 'countersign/sync'
import type { Rules } from './canonical-meaning.ts'
import { credentials, type Good, now, suiteReceived } from './common.ts'

/** A good request, and the rules by which its service reads it. */
export interface Mutable extends Good {
  readonly rules: Rules
  /** By how many characters each is replaced. */
  readonly few: number
}

const suite: Mutable[] = suiteReceived.map((good) => {
  const { options } = good.signing
  return {
    ...good,
    few: 1,
    rules: {
      ...{ service: options.service, region: options.region, now: options.signingDate ?? now },
      accessKeyId: options.credentials.accessKeyId,
      sessionToken: options.credentials.sessionToken,
      encodings: 1 as const,
      normalizes: options.pathNormalization === 'rfc3986',
      s3: false,
      tokenName: 'x-amz-security-token',
      tokenAppended: options.sessionToken === 'appended',
    },
  }
})

type Request = SigningRequest & { url: string; headers?: [string, string][]; body?: string }

const TOKEN = 'IQoJb3JpZ2luX2VjEX//////////wEaCXVz+LWVhc3QtMSJIMEYCIQDf=='
const held = { ...credentials, sessionToken: TOKEN }

/** A request that countersign signs, as it comes to a server; each line of a repeated header by itself. */
function mutable(
  name: string,
  verb: (request: Request, options: SyncPresignOptions) => SignedRequest,
  { url, method = 'GET', headers = [], body = '' }: Request,
  more: Omit<Partial<SyncPresignOptions>, 'credentials'> & { credentials?: Credentials } = {},
): Mutable {
  const { service = 's3', sessionToken, sessionTokenName } = more
  const key: Credentials = more.credentials ?? credentials
  const region = 'us-east-1'
  const signed = verb(
    { url, method, headers, body },
    { ...more, service, region, credentials: key, signingDate: now },
  )
  const own = Object.entries(signed.headers).filter(
    ([added]) => !headers.some(([given]) => given.toLowerCase() === added),
  )
  const [, host = '', target = ''] = /^https:\/\/([^/]*)(.*)$/.exec(signed.url) ?? []
  const message = { method, target, headers: [['Host', host] as const, ...headers, ...own], body }
  const s3 = service.startsWith('s3')
  return {
    name,
    few: 3,
    placement: verb === sign ? 'header' : 'query',
    message,
    options: {
      ...{ service, region, now, sessionToken, sessionTokenName },
      pathForm: 'any',
      credentials: (id) => (id === key.accessKeyId ? key : undefined),
    },
    rules: {
      ...{ service, region, now, accessKeyId: key.accessKeyId, s3 },
      sessionToken: (key as Credentials).sessionToken,
      ...{ encodings: s3 ? (1 as const) : (2 as const), normalizes: !s3 },
      tokenName: service === 's3express' ? 'x-amz-s3session-token' : 'x-amz-security-token',
      tokenAppended: service === 'iotdevicegateway',
    },
  }
}

const bucket = 'https://bucket.s3.us-east-1.amazonaws.com'
const A = `${bucket}/a`
const KEY = `${bucket}/a b//ü%2F%zz/%7e+&='()*!,;@:$`

/** Requests with hostile keys, tokens, bodies and headers. */
export const ours: readonly Mutable[] = [
  mutable('a hostile key', sign, { url: KEY, headers: [['Range', 'bytes=0-9']] }),
  mutable('a hostile key, presigned', presign, { url: `${KEY}?versionId=a%2Bb&x` }),
  mutable('a listing', sign, {
    url: `${bucket}/?list-type=2&prefix=my picture (1)%2f&a=&a&=b`,
  }),
  mutable('a body and headers that repeat', sign, {
    url: A,
    method: 'PUT',
    headers: [
      ['X-Amz-Meta-List', ' one  two\t'],
      ['x-amz-meta-list', 'ü,"q  q"'],
      ['User-Agent', 'client/1.0 (not signed)'],
    ],
    body: 'Welcome to\nAmazon S3: ü',
  }),
  mutable('a session token', sign, { url: A }, { credentials: held }),
  mutable('a session token, presigned', presign, { url: A }, { credentials: held }),
  mutable('a presigned upload', presign, {
    ...{ url: `${bucket}/a?x-id=PutObject`, method: 'PUT', body: 'not signed' },
    headers: [['Content-Type', 'text/plain; charset=utf-8']],
  }),
  mutable(
    'an unsigned body',
    sign,
    { url: A, method: 'PUT', body: 'not signed' },
    { payload: 'UNSIGNED-PAYLOAD' },
  ),
  mutable(
    'a streaming body',
    sign,
    { url: A, method: 'PUT', body: 'chunks' },
    { payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
  ),
  mutable('a directory bucket', sign, { url: A }, { service: 's3express', credentials: held }),
  mutable('dot segments', sign, { url: `${bucket}/a/../b/%2e/.` }, { dotSegments: 'literal' }),
  mutable(
    'a path encoded twice',
    sign,
    {
      ...{ url: 'https://abc.example.com:8443/prod/a%20b//c/./d+e/../ü|', method: 'POST' },
      ...{ headers: [['Content-Type', 'application/json']], body: '{"a":1}' },
    },
    { service: 'execute-api', dotSegments: 'literal' },
  ),
  mutable(
    'a token that is appended',
    presign,
    { url: 'https://abc.example.com/mqtt' },
    { service: 'iotdevicegateway', credentials: held },
  ),
]

/** All requests that are changed. */
export const mutables: readonly Mutable[] = [...suite, ...ours]
