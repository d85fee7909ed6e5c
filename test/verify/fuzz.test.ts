import { awsError, type ReceivedRequest, type Refused, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { clockOffset } from '../../src/fetch/clock.ts'
import { fc } from '../support/properties.ts'
import { credentials, verdict, verifying } from './common.ts'
import { PIECES, SCOPE, SIGNATURE } from './pieces.ts'
import { good, goodUrl } from './refusals.ts'

const RUNS = 1500

/** Anything that a socket can bring, and what only a careless caller can. */
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('latin1'))
const text = fc.oneof(
  bytes,
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
/** Pieces of what the parsers look for, in any order. */
const pieces = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 14 })
  .map((parts) => parts.join(''))
const value = fc.oneof(text, pieces)
const name = fc.oneof(
  value,
  fc.constantFrom('Authorization', 'host', 'Host', 'x-amz-date', 'date', 'x-amz-content-sha256'),
  fc.constantFrom('x-amz-security-token', '__proto__', 'constructor', ':authority', ':path', ''),
)
const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 })
const headers = fc.oneof(
  pairs,
  pairs.map((fields) => Object.fromEntries(fields)),
  fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.constant(undefined))),
)
const url = fc.oneof(
  value,
  value.map((path) => `/${path}`),
  fc.tuple(value, value).map(([path, query]) => `/${path}?${query}`),
  value.map((rest) => `https://abc.example.com/${rest}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
)
const body = fc.oneof(value, fc.uint8Array({ maxLength: 40 }), fc.constant(undefined))

const OPTIONS = [
  { ...verifying, service: 'any', unsignedPayload: 'accept' },
  { ...verifying, service: 's3', plus: 'literal' },
  { ...verifying, service: 'iotdevicegateway', hosts: ['a', 'b'], payload: 'deferred' },
] as const
const verifiers = OPTIONS.map((options) => sync.createVerifier(options))

const neverAccepted = (request: ReceivedRequest) => {
  for (const verifier of verifiers) {
    const result = verifier.verify(request)
    expect(result).toMatchObject({ ok: false, message: expect.any(String) })
    for (const protocol of ['s3', 'json', 'query'] as const) awsError(result as Refused, protocol)
  }
}

describe('what is not signed', () => {
  it('is never accepted and never an error, whatever it is', () => {
    fc.assert(fc.property(fc.record({ method: value, url, headers, body }), neverAccepted), {
      numRuns: RUNS,
    })
  })

  it.each(['authorization', 'x-amz-date', 'host', 'x-amz-content-sha256', 'x-amz-security-token'])(
    'is never accepted with another %s in place of the good one',
    (field) => {
      fc.assert(
        fc.property(value, (other) => {
          fc.pre(other.trim() !== (good.headers as Record<string, string>)[field])
          neverAccepted({ ...good, headers: { ...good.headers, [field]: other } })
        }),
        { numRuns: RUNS / 2 },
      )
    },
  )

  it('is never accepted with a signature that was guessed, in the header or in the query', () => {
    const field = fc.oneof(
      pieces,
      fc.constantFrom(SCOPE, 'host', 'host;x-amz-date', '20150830T123600Z', '900'),
    )
    fc.assert(
      fc.property(field, field, field, field, (credential, names, date, expires) => {
        const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${SIGNATURE}`
        neverAccepted({ ...good, headers: { host: 'a', 'x-amz-date': date, authorization } })
        const query = Object.entries({
          Credential: credential,
          SignedHeaders: names,
          Date: date,
          Expires: expires,
        })
          .map(([key, text]) => `X-Amz-${key}=${encodeURIComponent(text.replace(/\p{Cs}/gu, ''))}`)
          .join('&')
        const target = `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&${query}&X-Amz-Signature=${SIGNATURE}`
        neverAccepted({ ...goodUrl, url: target })
      }),
      { numRuns: RUNS },
    )
  })

  it('is never accepted with something added to the query or to the path', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(good, goodUrl), (added, request) => {
        fc.pre(!/^[&]*$/.test(added))
        const mark = `${request.url}?`.indexOf('?')
        neverAccepted({ ...request, url: `${request.url}${request === good ? '?' : '&'}${added}` })
        fc.pre(!/^\?/.test(added))
        neverAccepted({ ...request, url: `/a${added}/b${request.url.slice(mark)}` })
      }),
      { numRuns: RUNS },
    )
  })

  it('is refused in the same way by both entries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ method: value, url, headers, body }), async (request) => {
        const [options] = OPTIONS
        expect(await verify(request, options)).toEqual(sync.verify(request, options))
      }),
      { numRuns: RUNS / 2 },
    )
  })
})

describe('an answer', () => {
  const date = fc.date({
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31'),
    noInvalidDate: true,
  })
  const refused = fc.record({
    reason: fc.constantFrom('signature-mismatch', 'unknown-access-key', 'clock-skew', 'expired'),
    message: text,
    trace: fc.record({ canonicalRequest: text, stringToSign: text }),
    times: fc.record({ request: date, server: date }),
  })

  it('is always well formed', () => {
    fc.assert(
      fc.property(refused, (one) => {
        const shown = { ok: false, status: 403, ...one } as unknown as Refused
        expect(JSON.parse(awsError(shown, 'json').body)).toMatchObject({
          __type: expect.any(String),
        })
        for (const protocol of ['s3', 'query'] as const)
          expect(awsError(shown, protocol).body).toMatch(
            /^(<\?xml[^>]*>\n)?(<\w+>|<\/\w+>|[^<>&"'\0-\x08\v\f\r\x0e-\x1f\ufffe\uffff]|&(#\d+|lt|gt|amp|quot);)+$/,
          )
      }),
      { numRuns: RUNS },
    )
  })

  it('teaches a client no nonsense about the time', () => {
    const words = fc.constantFrom(
      'RequestTimeTooSkewed',
      'Signature expired',
      '<ServerTime>',
      '(20150830T123600Z - ',
    )
    const answer = fc.array(fc.oneof(words, text), { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(answer, fc.option(text), (document, date) => {
        const headers = { get: (header: string) => (header === 'date' ? date : null) }
        const offset = clockOffset(headers, document, Date.now())
        if (offset !== undefined) expect(Math.abs(offset)).toBeLessThanOrEqual(604800_000)
      }),
      { numRuns: RUNS },
    )
  })
})

describe('a good request', () => {
  it('is still accepted after all of that', () => {
    const verifier = sync.createVerifier({ ...verifying, credentials: () => credentials })
    expect([good, goodUrl].map((request) => verdict(verifier.verify(request)))).toEqual([
      'accepted',
      'accepted',
    ])
  })
})
