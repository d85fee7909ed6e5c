import {
  type AwsProtocol,
  awsError,
  explain,
  type MismatchCause,
  type RefusalReason,
  type Refused,
  sign,
  verify,
} from 'countersign'
import { deriveSigningKey } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { refuse } from '../../src/model/refusal.ts'
import { KEY, NOW, TEMPORARY } from './client-case.ts'
import { serverOptions } from './faults.ts'
import { manual } from './manual.ts'

const options = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}
const request = { url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' }
const PROTOCOLS: readonly AwsProtocol[] = ['s3', 'json', 'query']
const hour = (hours: number) => new Date(Number(NOW) + hours * 3_600_000)
const times = (hours: number) => ({ times: { request: NOW, server: hour(hours) } })

type More = Pick<Refused, 'about' | 'times'>

type Row = readonly [
  reason: RefusalReason,
  more: More | undefined,
  cause: MismatchCause,
  detail?: string,
]

/** What a refusal means to the client, by its reason and by what it is about. */
const CAUSES: readonly Row[] = [
  ['missing-authentication', undefined, 'not-signed'],
  ['malformed-authorization', { about: { part: 'signature' } }, 'malformed'],
  ['unsupported-algorithm', { about: { part: 'algorithm' } }, 'unsupported-algorithm'],
  ['scope-mismatch', { about: { part: 'date' } }, 'date-mismatch'],
  ['scope-mismatch', { about: { part: 'service' } }, 'wrong-service'],
  ['scope-mismatch', { about: { part: 'region' } }, 'wrong-region'],
  ['unknown-access-key', undefined, 'unknown-access-key'],
  ['invalid-session-token', undefined, 'token-missing'],
  ['expired-session-token', undefined, 'token-expired'],
  ['clock-skew', times(1), 'clock-behind'],
  ['clock-skew', times(-1), 'clock-ahead'],
  ['not-yet-valid', times(-1), 'clock-ahead'],
  ['unsigned-headers', { about: { header: 'host' } }, 'header-unsigned', 'host'],
  ['unsigned-headers', { about: { header: 'x-amz-cf-id' } }, 'header-added', 'x-amz-cf-id'],
  ['unsigned-headers', { about: { header: 'x-amz-security-token' } }, 'token-unsigned'],
  ['signed-header-missing', { about: { header: 'x-custom' } }, 'header-dropped', 'x-custom'],
  ['signed-header-missing', { about: { header: 'x-amz-security-token' } }, 'token-missing'],
  ['missing-payload-hash', undefined, 'payload-hash-missing'],
  ['unsigned-payload', undefined, 'payload-unsigned'],
  ['payload-mismatch', undefined, 'payload-altered'],
  ['replayed', undefined, 'replayed'],
  ['ambiguous-path', { about: { part: 'url' } }, 'path-ambiguous'],
  ['host-mismatch', { about: { header: 'host' } }, 'host-ambiguous', 'host'],
]

describe.each(PROTOCOLS)('what awsError states in %s', (protocol) => {
  it.each(CAUSES.map((row) => [row[0], row[1], row[2], row] as const))(
    'of %s, about %j, is read as %s',
    async (reason, more, cause, [, , , detail]) => {
      // The sentence says nothing: it is for people, and is not read.
      const serverError = awsError(refuse(reason, 'No.', more), protocol).body
      const why = await explain(request, { ...options, serverError })
      expect([why.cause, why.certain]).toEqual([cause, true])
      if (detail) expect(why.findings[0]?.detail).toBe(detail)
    },
  )

  it('of a token that the server does not have is told from an unknown id', async () => {
    const serverError = awsError(refuse('invalid-session-token', 'No.'), protocol).body
    const why = await explain(request, { ...options, credentials: TEMPORARY, serverError })
    expect(why.cause).toBe('token-altered')
  })

  it('of a wrong signature, and of keys in a coarse answer, is nothing', async () => {
    const result = await verify(manual({ secret: 'another' }), serverOptions)
    if (result.ok) throw new Error('accepted')
    expect(awsError(result, protocol).body).not.toMatch(/refusal/i)
    for (const reason of ['unknown-access-key', 'invalid-session-token'] as const)
      expect(awsError(refuse(reason, 'No.'), protocol, 'coarse').body).not.toMatch(/refusal/i)
  })
})

describe('what an answer states', () => {
  it.each([
    ['{"refusal":null}', true],
    ['{"refusal":{"reason":["replayed"]}}', true],
    ['{"refusal":{"reason":"no such reason"},"message":"Forbidden"}', true],
    ['{"refusal":{"reason":"replayed","header":{"a":1}}}', false],
    ['<Error><Refusal><Reason>replayed', false],
    ['<Error><Refusal></Refusal></Error>', true],
  ])('as %s never throws', async (serverError, matches) => {
    expect((await explain(request, { ...options, serverError })).matches).toBe(matches)
  })

  it('is not taken from what a message quotes', async () => {
    const quoted = '<Refusal><Reason>replayed</Reason></Refusal>'
    const signed = await sign({ ...request, headers: { 'x-custom': quoted } }, options)
    const { canonicalRequest, stringToSign } = signed.trace
    const said = `The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'${canonicalRequest.replace('GET', 'PUT')}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`
    const serverError = JSON.stringify({ message: said })
    expect((await explain(signed, { ...options, serverError })).causes).toEqual(['method-changed'])
  })
})

describe('a key that is held for another scope', () => {
  it.each([
    ['region', { region: 'us-east-1' }, 'wrong-region'],
    ['service', { service: 's3' }, 'wrong-service'],
    ['date', { date: '20261123' }, 'date-mismatch'],
  ])('is told by the %s that differs', async (_, other, cause) => {
    const scope = { date: '20261124', region: 'eu-west-1', service: 'execute-api', ...other }
    const signingKey = deriveSigningKey(KEY.secretAccessKey, { ...options, ...scope })
    const credentials = () => ({ accessKeyId: KEY.accessKeyId, signingKey, scope })
    const why = await explain(manual({}), { ...serverOptions, credentials })
    expect([why.cause, why.certain]).toEqual([cause, true])
  })
})
