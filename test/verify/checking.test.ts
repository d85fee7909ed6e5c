import { createReplayGuard, redisReplayGuard, type VerifyOptions } from 'countersign'
import { describe, expect, it, vi } from 'vitest'
import { sigv4 } from '../../src/algorithms/sigv4.ts'
import { backend } from '../../src/crypto/node.ts'
import { repeatable } from '../../src/model/refusal.ts'
import type { Algorithm } from '../../src/model/types.ts'
import { sigv4a } from '../../src/sigv4a.ts'
import { check } from '../../src/verify/checks.ts'
import { readPayloadLine } from '../../src/verify/payload.ts'
import { type Reading, readRequest } from '../../src/verify/read.ts'
import { sha256 } from '../support/hash.ts'

const now = new Date('2015-08-30T12:36:00Z')
const SIGNATURE = 'f'.repeat(64)
const BASE = { host: 'h', 'x-amz-date': '20150830T123600Z' }

interface Stated {
  headers?: Record<string, string>
  names?: string
  scope?: string
  url?: string
  body?: string
}

/** What a request states that is signed in its header. */
function inHeader({ headers, names = 'host;x-amz-date', scope, url = '/', body }: Stated = {}) {
  const at = scope ?? '20150830/us-east-1/execute-api/aws4_request'
  const authorization = `AWS4-HMAC-SHA256 Credential=AKID/${at}, SignedHeaders=${names}, Signature=${SIGNATURE}`
  const request = { method: 'GET', url, headers: { ...BASE, ...headers, authorization }, body }
  return readRequest(request, {}) as Reading
}

/** What a URL states. */
function inQuery(expires = '60', more = '', scope = '20150830/us-east-1/s3/aws4_request') {
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID/${scope}&X-Amz-Date=20150830T123600Z&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}${more}`
  return readRequest({ method: 'GET', url: `/?${query}`, headers: { host: 'h' } }, {}) as Reading
}

/** What a request of SigV4a states. */
function ofRegions(
  regions: string,
  signed = 'host;x-amz-date;x-amz-region-set',
  algorithm: Algorithm = sigv4a,
) {
  const authorization = `AWS4-ECDSA-P256-SHA256 Credential=A/20150830/s3/aws4_request, SignedHeaders=${signed}, Signature=30${'ab'.repeat(70)}`
  const headers = { ...BASE, 'x-amz-region-set': regions, authorization }
  return readRequest({ method: 'GET', url: '/', headers }, { algorithm }) as Reading
}

/** What a URL of SigV4a states. */
function linkOfRegions(regions: string) {
  const query = new URLSearchParams({
    ...{ 'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256', 'X-Amz-Region-Set': regions },
    ...{ 'X-Amz-Credential': 'A/20150830/s3/aws4_request', 'X-Amz-SignedHeaders': 'host' },
    ...{ 'X-Amz-Date': '20150830T123600Z', 'X-Amz-Expires': '60' },
    'X-Amz-Signature': `30${'ab'.repeat(70)}`,
  })
  const request = { method: 'GET', url: `/?${query}`, headers: { host: 'h' } }
  return readRequest(request, { algorithm: sigv4a }) as Reading
}

const OPTIONS: VerifyOptions = { service: 'any', credentials: () => undefined, pathForm: 'any' }
const later = (seconds: number) => new Date(Number(now) + 1000 * seconds)
const checked = (reading: Reading, options: Partial<VerifyOptions> = {}, seconds = 0) =>
  check(reading, { ...OPTIONS, ...options }, Number(later(seconds)))

describe('a scope', () => {
  it.each<[Partial<VerifyOptions>]>([
    [{}],
    [{ service: 'execute-api' }],
    [{ service: ['s3', 'execute-api'] }],
    [{ region: 'us-east-1' }],
    [{ region: ['eu-west-1', 'us-east-1'] }],
  ])('is taken by %j', (options) => expect(checked(inHeader(), options)).toBeUndefined())

  it.each<[Partial<VerifyOptions>, string, string]>([
    [{ service: 's3' }, 'service', "The service 'execute-api' is wrong; expecting 's3'."],
    [{ service: 'execute' }, 'service', "The service 'execute-api' is wrong; expecting 'execute'."],
    [
      { service: ['s3', 'sqs'] },
      'service',
      "The service 'execute-api' is wrong; expecting 's3,sqs'.",
    ],
    [{ service: [] }, 'service', "The service 'execute-api' is wrong; expecting ''."],
    [{ region: 'eu-west-1' }, 'region', "The region 'us-east-1' is wrong; expecting 'eu-west-1'."],
    [{ region: [] }, 'region', "The region 'us-east-1' is wrong; expecting ''."],
  ])('is refused by %j', (options, part, message) =>
    expect(checked(inHeader(), options)).toMatchObject({
      ...{ reason: 'scope-mismatch', about: { part }, message },
    }),
  )

  it.each<[string, Partial<VerifyOptions>, string]>([
    ['20150830/us-east-1/execute/aws4_request', { service: 'execute-api' }, 'service'],
    ['20150830/us-east-1/api/aws4_request', { service: 'execute-api' }, 'service'],
    ['20150830/us-east-1/any/aws4_request', { service: 's3' }, 'service'],
    ['20150830/us/execute-api/aws4_request', { region: 'us-east-1' }, 'region'],
    ['20150830/us/execute-api/aws4_request', { region: ['us-east-1'] }, 'region'],
  ])('%s is no part of what %j takes', (scope, options, part) =>
    expect(checked(inHeader({ scope }), options)).toMatchObject({
      ...{ reason: 'scope-mismatch', about: { part } },
    }),
  )

  it('is of the day of the signature', () => {
    const scope = '20150831/us-east-1/execute-api/aws4_request'
    expect(checked(inHeader({ scope }))).toMatchObject({
      ...{ reason: 'scope-mismatch', about: { part: 'date' } },
      message: "The date '20150831' is wrong; expecting '20150830'.",
    })
  })

  it('may have a set of regions', () => {
    expect(checked(ofRegions('us-*,eu-west-1'))).toBeUndefined()
    for (const region of ['eu-west-1', ['a', 'us-east-1']])
      expect(checked(ofRegions('us-*,eu-west-1'), { region })).toBeUndefined()
    for (const region of ['eu-west-2', [], ['a', 'b']])
      expect(checked(ofRegions('us-*,eu-west-1'), { region })).toMatchObject({
        ...{ about: { part: 'region' } },
        message: `The region 'us-*,eu-west-1' is wrong; expecting '${region}'.`,
      })
  })

  it('may have a set of regions in a URL', () => {
    expect(checked(linkOfRegions('us-*'), { region: 'us-east-1' })).toBeUndefined()
    expect(checked(linkOfRegions('us-*'), { region: 'eu-west-1' })).toMatchObject({
      about: { part: 'region' },
    })
  })

  it('of an algorithm that knows no regions is of none', () => {
    const { includesRegion: _, ...algorithm } = sigv4a
    const reading = ofRegions('*', undefined, algorithm)
    expect(checked(reading)).toBeUndefined()
    expect(checked(reading, { region: 'us-east-1' })).toMatchObject({ about: { part: 'region' } })
  })

  it('is repeated as far as nobody can be harmed by it', () => {
    expect(repeatable('<a b="c">-_.*,9</a>')).toBe('abc-_.*,9a')
    expect(repeatable('a'.repeat(65))).toBe('a'.repeat(64))
  })
})

describe('a target', () => {
  const at = (url: string, options: Partial<VerifyOptions>) => checked(inHeader({ url }), options)

  it('is one path, whoever reads it', () => {
    for (const pathForm of ['normal', undefined] as const)
      expect(at('/a//b', { pathForm })).toMatchObject({
        ...{ reason: 'ambiguous-path', about: { part: 'url' } },
      })
    expect(at('/a//b', { pathForm: 'any' })).toBeUndefined()
    expect(at('/a/b', { pathForm: 'normal' })).toBeUndefined()
  })

  it('is one host', () =>
    expect(at('https://other/', {})).toMatchObject({
      ...{ reason: 'host-mismatch', about: { header: 'host' } },
    }))
})

describe('a time', () => {
  it.each<[Partial<VerifyOptions>, number, string | undefined]>([
    [{}, 900, undefined],
    [{}, 901, 'clock-skew'],
    [{}, -900, undefined],
    [{}, -901, 'clock-skew'],
    [{ maxClockSkew: 5 }, 5, undefined],
    [{ maxClockSkew: 5 }, 6, 'clock-skew'],
    [{ maxClockSkew: 5 }, -6, 'clock-skew'],
    [{}, Number.NaN, 'clock-skew'],
  ])('in the header, with %j, %i seconds ago: %s', (options, age, reason) => {
    const refused = checked(inHeader(), options, age)
    expect(refused?.reason).toBe(reason)
    if (refused && !Number.isNaN(age))
      expect(refused.times).toEqual({ request: now, server: later(age) })
  })

  it.each<[string, Partial<VerifyOptions>, number, string | undefined]>([
    ['60', {}, 60, undefined],
    ['60', {}, 61, 'expired'],
    ['60', {}, -900, undefined],
    ['60', {}, -901, 'not-yet-valid'],
    ['60', { maxClockSkew: 5 }, -5, undefined],
    ['60', { maxClockSkew: 5 }, -6, 'not-yet-valid'],
    ['1', {}, 1, undefined],
    ['0', {}, 0, 'malformed-authorization'],
    ['x', {}, 0, 'malformed-authorization'],
    ['604800', {}, 604800, undefined],
    ['604801', {}, 0, 'malformed-authorization'],
    ['61', { maxExpiresIn: 60 }, 0, 'malformed-authorization'],
    ['60', { maxExpiresIn: 60 }, 0, undefined],
    ['60', {}, Number.NaN, 'not-yet-valid'],
  ])('in a URL of %s seconds, with %j, %i seconds ago: %s', (expires, options, age, reason) => {
    const refused = checked(inQuery(expires), options, age)
    expect(refused?.reason).toBe(reason)
    if (reason === 'malformed-authorization')
      expect(refused?.about).toEqual({ parameter: 'X-Amz-Expires', part: 'expires' })
    else if (refused && !Number.isNaN(age))
      expect(refused.times).toEqual({ request: now, server: later(age) })
  })
})

describe('signed headers', () => {
  const date = 'Sun, 30 Aug 2015 12:36:00 GMT'
  it.each<[string, Stated, Partial<VerifyOptions>]>([
    ['host and date', {}, {}],
    ['a header that need not be', { headers: { a: '1' } }, {}],
    [
      'one of them with its name in the list',
      { headers: { a: '1' }, names: 'a;host;x-amz-date' },
      {},
    ],
    ['x-amz- ones', { headers: { 'x-amz-a': '1' }, names: 'host;x-amz-a;x-amz-date' }, {}],
    ['a tolerated one', { headers: { 'x-amz-a': '1' } }, { toleratedUnsignedHeaders: ['X-Amz-A'] }],
    ['one that only begins so', { headers: { 'x-amza': '1', 'ax-amz-a': '1' } }, {}],
    ['a Date', { headers: { date }, names: 'date;host;x-amz-date' }, {}],
  ])('are all there: %s', (_, stated, options) =>
    expect(checked(inHeader(stated), options)).toBeUndefined(),
  )

  it.each<[string, Stated, object]>([
    ['host', { names: 'x-amz-date' }, { reason: 'unsigned-headers', about: { header: 'host' } }],
    ['x-amz-date', { names: 'host' }, { about: { header: 'x-amz-date' } }],
    [
      'x-amz-date beside date',
      { headers: { date }, names: 'date;host' },
      { about: { header: 'x-amz-date' } },
    ],
    [
      'x-amz-a',
      { headers: { 'x-amz-b': '1', 'x-amz-a': '1' }, names: 'host;x-amz-b;x-amz-date' },
      { about: { header: 'x-amz-a' } },
    ],
    [
      'the first',
      { headers: { 'x-amz-b': '1', 'x-amz-a': '1' } },
      { about: { header: 'x-amz-b' }, message: 'The header x-amz-b is not signed.' },
    ],
    [
      'one that did not arrive',
      { names: 'a;host;x-amz-date' },
      { reason: 'signed-header-missing', about: { header: 'a' } },
    ],
    [
      'one that objects inherit',
      { names: 'constructor;host;x-amz-date' },
      { reason: 'signed-header-missing' },
    ],
    [
      'one that is not tolerated',
      { headers: { 'x-amz-ab': '1' } },
      { about: { header: 'x-amz-ab' } },
    ],
  ])('are not, without %s', (_, stated, refused) =>
    expect(checked(inHeader(stated), { toleratedUnsignedHeaders: ['x-amz-c'] })).toMatchObject(
      refused,
    ),
  )

  it('may have :authority for the host', () => {
    expect(checked(inHeader({ names: ':authority;x-amz-date' }))).toBeUndefined()
    expect(checked(inHeader({ names: ':authority;a;x-amz-date' }))).toMatchObject({
      ...{ reason: 'signed-header-missing', about: { header: 'a' } },
    })
  })

  it('have the set of regions', () => {
    expect(
      checked(ofRegions('*', 'host;x-amz-date'), {
        toleratedUnsignedHeaders: ['x-amz-region-set'],
      }),
    ).toMatchObject({
      about: { header: 'x-amz-region-set' },
    })
  })

  it('need no date in a URL', () => expect(checked(inQuery())).toBeUndefined())

  it('may be without a token that is only appended', () => {
    const stated = (token: string) =>
      inHeader({ headers: { [token]: '1' }, scope: '20150830/r/iotdevicegateway/aws4_request' })
    expect(checked(stated('x-amz-security-token'))).toBeUndefined()
    expect(checked(stated('x-amz-other-token'))).toMatchObject({ reason: 'unsigned-headers' })
    expect(checked(inHeader({ headers: { 'x-amz-security-token': '1' } }))).toMatchObject({
      reason: 'unsigned-headers',
    })
  })
})

describe('a payload line', () => {
  const HASH = 'a'.repeat(64)
  const S3 = '20150830/us-east-1/s3/aws4_request'
  const AOSS = '20150830/us-east-1/aoss/aws4_request'
  const of = (reading: Reading, options: Partial<VerifyOptions> = {}) =>
    readPayloadLine(reading, { ...OPTIONS, ...options }, backend)
  const stated = (line: string | undefined, scope?: string, body?: string) =>
    inHeader({
      ...(line !== undefined && { headers: { 'x-amz-content-sha256': line } }),
      ...(scope && { scope }),
      ...(body !== undefined && { body }),
    })

  it.each<[string, Reading, Partial<VerifyOptions>, object]>([
    [
      'none, of another service',
      stated(undefined, undefined, 'a'),
      {},
      { line: sha256('a'), payload: 'verified', hashed: true },
    ],
    ['none, of aoss', stated(undefined, AOSS), {}, { line: sha256(), hashed: true }],
    ['a hash', stated(HASH), {}, { line: HASH, payload: 'verified' }],
    [
      'a hash, deferred',
      stated(HASH),
      { payload: 'deferred' },
      { line: HASH, payload: 'deferred' },
    ],
    ['unsigned, of S3', stated('UNSIGNED-PAYLOAD', S3), {}, { payload: 'unsigned' }],
    [
      'unsigned, where it is taken',
      stated('UNSIGNED-PAYLOAD'),
      { unsignedPayload: 'accept' },
      { payload: 'unsigned' },
    ],
    ['none, of a URL of S3', inQuery(), {}, { line: 'UNSIGNED-PAYLOAD', payload: 'unsigned' }],
    ['in a URL', inQuery('60', `&X-Amz-Content-Sha256=${HASH}`), {}, { line: HASH }],
    ['in a URL, in lower case', inQuery('60', `&x-amz-content-sha256=${HASH}`), {}, { line: HASH }],
    ...[
      'AWS4-HMAC-SHA256-PAYLOAD',
      'AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'UNSIGNED-PAYLOAD-TRAILER',
    ].map((word): [string, Reading, object, object] => [
      word,
      stated(`STREAMING-${word}`, S3),
      {},
      { payload: 'streaming' },
    ]),
    ['events', stated('STREAMING-AWS4-HMAC-SHA256-EVENTS'), {}, { payload: 'streaming' }],
    [
      'events, of aoss',
      stated('STREAMING-AWS4-HMAC-SHA256-EVENTS', AOSS),
      {},
      { payload: 'streaming' },
    ],
    [
      'signed chunks, though unsigned ones are refused',
      stated('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', S3),
      { unsignedPayload: 'refuse' },
      { payload: 'streaming' },
    ],
  ])('%s is taken', async (_, reading, options, line) =>
    expect(await of(reading, options)).toMatchObject(line),
  )

  it.each<[string, Reading, Partial<VerifyOptions>, string]>([
    ['none, of S3', stated(undefined, S3), {}, 'missing-payload-hash'],
    ['none, deferred', stated(undefined), { payload: 'deferred' }, 'missing-payload-hash'],
    [
      'none, of a URL of another service, deferred',
      inQuery('60', '', '20150830/r/s/aws4_request'),
      { payload: 'deferred' },
      'missing-payload-hash',
    ],
    ['unsigned', stated('UNSIGNED-PAYLOAD'), {}, 'unsigned-payload'],
    ['unsigned, of aoss', stated('UNSIGNED-PAYLOAD', AOSS), {}, 'unsigned-payload'],
    [
      'unsigned, of S3, refused',
      stated('UNSIGNED-PAYLOAD', S3),
      { unsignedPayload: 'refuse' },
      'unsigned-payload',
    ],
    [
      'unsigned chunks, refused',
      stated('STREAMING-UNSIGNED-PAYLOAD-TRAILER', S3),
      { unsignedPayload: 'refuse' },
      'unsigned-payload',
    ],
    ['of a URL of S3, refused', inQuery(), { unsignedPayload: 'refuse' }, 'unsigned-payload'],
    [
      'chunks of another service',
      stated('STREAMING-AWS4-HMAC-SHA256-PAYLOAD'),
      {},
      'unsigned-payload',
    ],
    [
      'chunks with a trailer of another service',
      stated('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'),
      {},
      'unsigned-payload',
    ],
    [
      'unsigned chunks of another service',
      stated('STREAMING-UNSIGNED-PAYLOAD-TRAILER'),
      { unsignedPayload: 'accept' },
      'unsigned-payload',
    ],
    ['events of S3', stated('STREAMING-AWS4-HMAC-SHA256-EVENTS', S3), {}, 'unsigned-payload'],
    [
      'chunks of another algorithm',
      stated('STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD', S3),
      {},
      'unsigned-payload',
    ],
    [
      'events of another algorithm',
      stated('STREAMING-AWS4-ECDSA-P256-SHA256-EVENTS'),
      {},
      'unsigned-payload',
    ],
    ...[
      '',
      'a',
      `${HASH}a`,
      `x${HASH}`,
      HASH.toUpperCase(),
      'STREAMING-X',
      'XSTREAMING-AWS4-HMAC-SHA256-EVENTS',
      'STREAMING-AWS4-HMAC-SHA256-EVENTS-X',
      'STREAMING-AWS4-HMAC-SHA256-EVENTS-TRAILER',
    ].map((line): [string, Reading, object, string] => [
      JSON.stringify(line),
      stated(line, S3),
      {},
      'payload-mismatch',
    ]),
  ])('%s is refused', async (_, reading, options, reason) =>
    expect(await of(reading, options)).toMatchObject({ ok: false, reason }),
  )

  it('is about its header where it is no payload', async () =>
    expect(await of(stated('a'))).toMatchObject({ about: { header: 'x-amz-content-sha256' } }))

  it('of a service that encodes paths as S3 does is not one of S3', async () => {
    const { received, statement } = stated(undefined, undefined, 'a')
    const reading = { received, statement, profile: { pathEncoding: 'single' } } as Reading
    expect(await of(reading)).toMatchObject({ payload: 'verified', hashed: true })
  })

  it('is of chunks of the algorithm that the request is of', async () => {
    const headers = {
      ...ofRegions('*').received.fields,
      'x-amz-content-sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
    }
    const reading = readRequest(
      { method: 'GET', url: '/', headers },
      { algorithm: [sigv4, sigv4a] },
    )
    expect(await of(reading as Reading)).toMatchObject({ payload: 'streaming' })
  })
})

describe('a replay guard', () => {
  const guardAt = (options: Parameters<typeof createReplayGuard>[0] = {}) => {
    let at = 0
    const guard = createReplayGuard({ now: () => later(at), ...options })
    return {
      claim: (id: string, seconds = 60, key = 'A') => guard.claim(id, later(seconds), key),
      wait: (seconds: number) => {
        at = seconds
      },
    }
  }

  it('lets each id in once, and none that has expired', () => {
    const { claim } = guardAt()
    expect([claim('a'), claim('a'), claim('b'), claim('a')]).toEqual([true, false, true, false])
    expect([claim('c', 0), claim('d', -1), claim('e', Number.NaN)]).toEqual([true, false, false])
  })

  it('keeps ids some minutes beyond their requests, and lets them go', () => {
    const { claim, wait } = guardAt({ limit: 1 })
    expect(claim('a', 0)).toBe(true)
    for (const seconds of [1, 299]) {
      wait(seconds)
      expect(claim('a', 600)).toBe(false)
      expect(() => claim('b', 600)).toThrow('replay-guard-full')
    }
    wait(361)
    expect(claim('b', 600)).toBe(true)
  })

  it('keeps them five minutes at the least, whenever they end', () => {
    for (const seconds of [0, 1, 30, 59, 60]) {
      const { claim, wait } = guardAt()
      expect(claim('a', seconds)).toBe(true)
      wait(seconds + 299.999)
      expect(claim('a', 600)).toBe(false)
    }
  })

  it('counts for each key what it keeps, and no more', () => {
    const { claim, wait } = guardAt({ limit: 10, limitPerKey: 2 })
    expect([claim('a', 0), claim('b', 900), claim('c', 900, 'B')]).toEqual([true, true, true])
    wait(500)
    expect([claim('d', 900), claim('e', 900, 'B')]).toEqual([true, true])
    for (const key of ['A', 'B']) expect(() => claim('f', 900, key)).toThrow('replay-guard-full')
    expect(claim('f', 900, 'C')).toBe(true)
  })

  it("has the system's clock where it is given none", async () => {
    const guards = [
      createReplayGuard(),
      redisReplayGuard({ sendCommand: async () => 'OK', isOpen: true }),
    ]
    const time = Date.now()
    vi.useFakeTimers({ now: time })
    try {
      for (const guard of guards) {
        expect(await guard.claim('a', new Date(time), 'A')).toBe(true)
        expect(await guard.claim('b', new Date(time - 1), 'A')).toBe(false)
      }
    } finally {
      vi.useRealTimers()
    }
  })

  it('is full for one key before it is for all, and has room again', () => {
    const { claim, wait } = guardAt({ limit: 5 })
    for (const id of ['a', 'b', 'c']) expect(claim(id)).toBe(true)
    expect(() => claim('d')).toThrow(expect.objectContaining({ code: 'replay-guard-full' }))
    expect([claim('e', 900, 'B'), claim('f', 900, 'B')]).toEqual([true, true])
    expect(() => claim('g', 60, 'C')).toThrow('replay-guard-full')
    wait(500)
    expect(claim('h', 900)).toBe(true)
    expect(claim('i', 900)).toBe(true)
    expect(claim('j', 900)).toBe(true)
    expect(() => claim('k', 900)).toThrow('replay-guard-full')
  })

  it.each([{ limit: 0 }, { limit: -1 }, { limitPerKey: 0 }, { limit: Number.NaN }])(
    'has room: not %j',
    (options) =>
      expect(() => createReplayGuard(options)).toThrow(
        expect.objectContaining({ code: 'invalid-options' }),
      ),
  )

  it('asks Redis in its own words, by either client', async () => {
    const expiresAt = new Date(Date.now() + 60_000)
    const words = ['SET', 'p:a', '1', 'NX', 'PXAT', `${Number(expiresAt) + 300_000}`]
    const asked: unknown[] = []
    const answer = async (...command: unknown[]) => (asked.push(command.flat()) > 1 ? null : 'OK')
    const node = redisReplayGuard({ sendCommand: answer, isOpen: true }, 'p:')
    expect([await node.claim('a', expiresAt, 'A'), await node.claim('a', expiresAt, 'A')]).toEqual([
      ...[true, false],
    ])
    await redisReplayGuard({ call: answer }).claim('a', expiresAt, 'A')
    expect(asked).toEqual([words, words, words.with(1, 'countersign:a')])
    expect(await node.claim('a', new Date(0), 'A')).toBe(false)
    expect(asked).toHaveLength(3)
  })

  it('is slow, and nobody is let in whom it has answered too late', async () => {
    const time = Date.now()
    vi.useFakeTimers({ now: time })
    try {
      const slow = async () => {
        vi.setSystemTime(time + 1001)
        return 'OK'
      }
      const guard = redisReplayGuard({ sendCommand: slow, isOpen: true })
      expect(await guard.claim('a', new Date(time + 1000), 'A')).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })
})
