/**
 * A second SigV4, written from the AWS documentation alone and for being read beside it: the
 * signature that a server must find in a request as it came over the wire.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { hmac, sha256 } from './support/hash.ts'

export interface WireRequest {
  readonly method: string
  /** The request target as received: path and query, not decoded. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array | null
}

/** "URI encode every byte except the unreserved characters … letters in upper case." */
const uriEncode = (bytes: Buffer): string =>
  Array.from(bytes, (byte) =>
    /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')

const uriDecode = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    ),
    'latin1',
  )

/** "Normalize URI paths according to RFC 3986", redundant slashes first. */
function normalizePath(path: string): string {
  const output: string[] = []
  const segments = path.replace(/\/+/g, '/').split('/').slice(1)
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1
    if (segment === '..') output.pop()
    if (segment !== '.' && segment !== '..') output.push(segment)
    else if (last) output.push('')
  })
  return `/${output.join('/')}`.replace(/^\/+/, '/')
}

/** S3 decodes the path once, slashes too, and neither normalises it nor encodes it a second time. */
export const referencePath = (path: string, service: string): string =>
  service === 's3'
    ? (path || '/').replace(/%2f/gi, '/').split('/').map(uriDecode).map(uriEncode).join('/')
    : normalizePath(path || '/')
        .split('/')
        .map((segment) => uriEncode(Buffer.from(segment, 'latin1')))
        .join('/')

/** Name and value of each part of a query, encoded in the one spelling. */
const queryPairs = (query: string): (readonly [string, string])[] =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.includes('=') ? part.indexOf('=') : part.length
      const spell = (text: string) => uriEncode(uriDecode(text.replaceAll('+', ' ')))
      return [spell(part.slice(0, at)), spell(part.slice(at + 1))]
    })

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** The signature that a request must carry, and the one it carries. */
export function referenceSignature(request: WireRequest, secretAccessKey: string) {
  const [path = '', ...rest] = request.target.split('?')
  const query = queryPairs(rest.join('?'))
  const inQuery = (name: string) => uriDecode(query.find(([key]) => key === name)?.[1] ?? '')
  const inHeaders = (name: string) =>
    request.headers
      .filter(([key]) => key.toLowerCase() === name)
      .map(([, value]) => value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, ''))
      .join(',')

  const authorization = inHeaders('authorization')
  const claim = (name: string) =>
    authorization
      ? (new RegExp(`${name}=([^, ]+)`).exec(authorization)?.[1] ?? '')
      : inQuery(`X-Amz-${name}`).toString()
  const amzDate = authorization ? inHeaders('x-amz-date') : inQuery('X-Amz-Date').toString()
  const [, ...scope] = claim('Credential').split('/')
  const service = scope[2] ?? ''
  const unsigned = !authorization && service === 's3' ? 'UNSIGNED-PAYLOAD' : undefined
  const payload = inHeaders('x-amz-content-sha256') || (unsigned ?? sha256(request.body ?? ''))

  const canonicalRequest = [
    request.method,
    referencePath(path, service),
    query
      .filter(([name]) => name !== 'X-Amz-Signature')
      .sort((a, b) => byCodeUnit(a[0], b[0]) || byCodeUnit(a[1], b[1]))
      .map((pair) => pair.join('='))
      .join('&'),
    ...claim('SignedHeaders')
      .split(';')
      .map((name) => `${name}:${inHeaders(name)}`),
    '',
    claim('SignedHeaders'),
    payload,
  ].join('\n')
  const stringToSign = `AWS4-HMAC-SHA256\n${amzDate}\n${scope.join('/')}\n${sha256(canonicalRequest)}`
  const key = scope.reduce<string | Uint8Array>(hmac, `AWS4${secretAccessKey}`)
  return {
    amzDate,
    canonicalRequest,
    signedHeaders: claim('SignedHeaders'),
    expected: hmac(key, stringToSign).toString('hex'),
    received: claim('Signature'),
  }
}
