import {
  createReplayGuard,
  type ReceivedRequest,
  type RefusalReason,
  type VerifyOptions,
} from 'countersign'
import { presign, sign } from 'countersign/sync'
import { arriving, credentials, now, signedByHand, signing } from './common.ts'

/** A request that is refused, and the options that differ. */
export type Case = readonly [request: ReceivedRequest, options?: Partial<VerifyOptions>]

const url = 'https://abc.example.com/a'
const s3 = { service: 's3' }
const held = { ...credentials, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE==' }
const stored = { credentials: () => held }
const at = (seconds: number) => ({ now: new Date(Number(now) + seconds * 1000) })

export const good = arriving(sign({ url }, signing))
export const goodUrl = arriving(presign({ url }, signing))
const toS3 = arriving(sign({ url, method: 'PUT', body: 'a' }, { ...signing, ...s3 }))
const withToken = arriving(sign({ url }, { ...signing, credentials: held }))

const withHeaders = (
  headers: Record<string, string>,
  request: ReceivedRequest = good,
): ReceivedRequest => ({
  ...request,
  headers: { ...(request.headers as Record<string, string>), ...headers },
})
const authorized = (change: (authorization: string) => string): ReceivedRequest =>
  withHeaders({ authorization: change((good.headers as { authorization: string }).authorization) })
const targeted = (change: (target: string) => string): ReceivedRequest => ({
  ...goodUrl,
  url: change(goodUrl.url),
})
const without = (name: string, request: ReceivedRequest = good): ReceivedRequest => ({
  ...request,
  headers: Object.entries(request.headers as Record<string, string>).filter(
    ([key]) => key !== name,
  ),
})
const refusing = (claim: () => boolean | Promise<boolean>) => ({ replayGuard: { claim } })
const once = createReplayGuard({ now: () => now })
const base = { host: 'a', 'x-amz-date': '20150830T123600Z' }

/** For every reason its status, and requests that are refused for it. */
export const REFUSED: Record<RefusalReason, readonly [status: number, ...Case[]]> = {
  'missing-authentication': [
    403,
    [without('authorization')],
    [{ method: 'GET', url: '/' }],
    [withHeaders({ authorization: '' })],
    // A signature without its date is none.
    [withHeaders({ 'x-amz-date': '20150230T123600Z' })],
    [withHeaders({ 'x-amz-date': '20150830T123600' })],
    [withHeaders({ 'x-amz-date': '' })],
    [without('x-amz-date')],
  ],
  'malformed-authorization': [
    400,
    [authorized((text) => text.replace(/Signature=.*/, ''))],
    [authorized((text) => `${text}, Signature=${'0'.repeat(64)}`)],
    [authorized((text) => text.replace(/(?<=Signature=).*/, (found) => found.toUpperCase()))],
    [authorized((text) => text.replace('/aws4_request', ''))],
    [authorized((text) => text.replace('host;', 'host;host;'))],
    [authorized((text) => text.replace('host;', 'Host;'))],
    [withHeaders({ 'x-note': 'a\nb' })],
    [{ ...good, url: '/a#b' }],
    [{ ...good, url: 'a' }],
    // Signed in both places, or with one of the fields twice: nobody says which one counts.
    [withHeaders({ authorization: 'Bearer a' }, goodUrl)],
    [{ ...good, url: `/a?${goodUrl.url.split('?')[1]}` }],
    [targeted((target) => `${target}&X-Amz-Expires=900`)],
    [targeted((target) => `${target}&x-amz-date=20150830T123600Z`)],
    [targeted((target) => `${target}&X-Amz-%44ate=20150830T123600Z`)],
    [targeted((target) => target.replace(/&X-Amz-Date=[^&]*/, ''))],
    [targeted((target) => target.replace(/(?<=X-Amz-Date=)[^&]*/, '20150830'))],
    [targeted((target) => target.replace(/Expires=\d+/, 'Expires=0'))],
    [targeted((target) => target.replace(/Expires=\d+/, 'Expires=604801'))],
    [targeted((target) => target.replace(/Expires=\d+/, 'Expires=-1'))],
    [targeted((target) => target.replace(/Expires=\d+/, 'Expires=9e9'))],
    [goodUrl, { maxExpiresIn: 899 }],
  ],
  'unsupported-algorithm': [
    400,
    [withHeaders({ authorization: 'Bearer token' })],
    [withHeaders({ authorization: 'AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=' })],
    [authorized((text) => text.replace('HMAC-SHA256', 'HMAC-SHA512'))],
    [authorized((text) => text.replace('HMAC-SHA256', 'ECDSA-P256-SHA256'))],
    [targeted((target) => target.replace('HMAC-SHA256', 'HMAC-SHA1'))],
    [{ method: 'GET', url: '/a?AWSAccessKeyId=AKIDEXAMPLE&Expires=1768474800&Signature=a%2Bb%3D' }],
  ],
  'scope-mismatch': [
    400,
    [good, { service: 's3' }],
    [good, { service: ['s3', 'sqs'] }],
    [good, { region: 'eu-west-1' }],
    [good, { region: [] }],
    // Yesterday's key does not sign for today, even where it signed well.
    [
      signedByHand({
        ...{ headers: base, signedHeaders: 'host;x-amz-date' },
        scope: '20150829/us-east-1/execute-api/aws4_request',
      }),
    ],
  ],
  'unknown-access-key': [
    403,
    [good, { credentials: () => undefined }],
    [good, { credentials: () => [] }],
  ],
  'invalid-session-token': [
    400,
    [good, stored],
    [withToken],
    [withHeaders({ 'x-amz-security-token': `${held.sessionToken}=` }, withToken), stored],
    [arriving(presign({ url }, { ...signing, credentials: held }))],
  ],
  'expired-session-token': [
    400,
    [withToken, { credentials: () => ({ ...held, expiration: now }) }],
  ],
  'clock-skew': [403, [good, at(901)], [good, at(-901)], [good, { maxClockSkew: 5, ...at(6) }]],
  expired: [403, [goodUrl, at(901)], [goodUrl, at(86400 * 365)]],
  'not-yet-valid': [403, [goodUrl, at(-901)]],
  'unsigned-headers': [
    403,
    [withHeaders({ 'x-amz-meta-a': 'b' })],
    [withHeaders({ 'X-Amz-Acl': 'public-read' }, goodUrl)],
    [withHeaders({ 'x-amz-date': '20150830T123600Z' }, goodUrl)],
    [signedByHand({ headers: base, signedHeaders: 'x-amz-date' })],
    [signedByHand({ headers: base, signedHeaders: 'host' })],
    // Which of two dates counts is not for the sender to choose.
    [
      signedByHand({
        headers: { ...base, date: 'Sun, 30 Aug 2015 12:36:00 GMT' },
        signedHeaders: 'date;host',
      }),
    ],
  ],
  'signed-header-missing': [
    403,
    [without('x-note', arriving(sign({ url, headers: { 'x-note': 'a' } }, signing)))],
    [without('x-note', arriving(presign({ url, headers: { 'x-note': '' } }, signing)))],
    [without('host')],
    [signedByHand({ headers: base, signedHeaders: 'host;x-amz-acl;x-amz-date' })],
  ],
  'missing-payload-hash': [
    400,
    [arriving(sign({ url }, signing)), { ...s3, service: 'any', payload: 'deferred' }],
    [
      signedByHand({
        ...{ headers: base, signedHeaders: 'host;x-amz-date' },
        scope: '20150830/us-east-1/s3/aws4_request',
      }),
      s3,
    ],
  ],
  'unsigned-payload': [
    403,
    [arriving(sign({ url, body: 'a' }, { ...signing, payload: 'UNSIGNED-PAYLOAD' }))],
    [arriving(presign({ url }, { ...signing, ...s3 })), { ...s3, unsignedPayload: 'refuse' }],
    [
      arriving(sign({ url }, { ...signing, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })),
      { unsignedPayload: 'refuse' },
    ],
  ],
  'payload-mismatch': [
    400,
    [{ ...toS3, body: 'b' }, s3],
    [{ ...toS3, body: '' }, s3],
    [withHeaders({ 'x-amz-content-sha256': 'UNSIGNED' }, toS3), s3],
    [withHeaders({ 'x-amz-content-sha256': 'STREAMING-A' }, toS3), s3],
    [withHeaders({ 'x-amz-content-sha256': '' }, toS3), s3],
  ],
  'signature-mismatch': [
    403,
    [{ ...good, method: 'PUT' }],
    [authorized((text) => text.replace(/Signature=.*/, (found) => found.slice(0, -1)))],
    [authorized((text) => `${text}0`)],
    [targeted((target) => target.replace(/(?<=X-Amz-Signature=)[^&]*/, '0'))],
    [{ ...good, method: 'get' }],
    [{ ...good, url: '/b' }],
    [{ ...good, body: 'a' }],
    [withHeaders({ host: 'abc.example.org' })],
    [good, { credentials: () => ({ ...credentials, secretAccessKey: 'another' }) }],
    [targeted((target) => `${target}&a=b`)],
    [targeted((target) => target.replace(/Expires=\d+/, 'Expires=1800'))],
  ],
  replayed: [
    403,
    [good, { replayGuard: { claim: (...it) => once.claim(...it) && once.claim(...it) } }],
    [good, refusing(() => false)],
    [good, refusing(async () => false)],
  ],
  'ambiguous-path': [
    400,
    [{ ...good, url: '/b/../a' }],
    [{ ...good, url: '//a' }],
    [{ ...goodUrl, url: goodUrl.url.replace('/a?', '/./a?') }],
  ],
  'host-mismatch': [
    400,
    [{ ...good, url: 'http://evil.example.com/a' }],
    [withHeaders({ ':authority': 'evil.example.com' })],
  ],
  'replay-store-failed': [
    503,
    [good, refusing(() => Promise.reject(new Error('the store is down')))],
    [
      good,
      refusing(() => {
        throw new Error('the store is down')
      }),
    ],
  ],
}
