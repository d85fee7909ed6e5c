import { presign, type ReceivedRequest, type VerifyOptions } from 'countersign'
import type { Row } from './faults-requests.ts'
import { altered, auth, header, KEY, manual, NOW, OTHER, sha256, TEMPORARY } from './manual.ts'

const good = manual({})
const token = { 'x-amz-security-token': TEMPORARY.sessionToken }
const withKey = (credentials: typeof TEMPORARY): Partial<VerifyOptions> => ({
  credentials: () => credentials,
})

/** Faults of the token, the scope, the clock, the secret and the signature; and several together. */
export async function keyFaults(): Promise<readonly Row[]> {
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
  return [
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
}
