import { type RefusalReason, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { accepted, arriving, now, signedByHand, signing, verdict, verifying } from './common.ts'
import { good, goodUrl, REFUSED } from './refusals.ts'

const url = 'https://abc.example.com/a'
const at = (seconds: number) => ({ ...verifying, now: new Date(Number(now) + seconds * 1000) })
const verdictOf = async (...call: Parameters<typeof verify>) => verdict(await verify(...call))

describe('a refusal', () => {
  const cases = Object.entries(REFUSED).flatMap(([reason, [status, ...requests]]) =>
    requests.map((one, index) => [reason as RefusalReason, index + 1, status, one] as const),
  )

  it.each(cases)('27. %s (%d) has the status %d', async (reason, _, status, [request, more]) => {
    const result = await verify(request, { ...verifying, ...more })
    expect(result).toMatchObject({ ok: false, reason, status, message: expect.any(String) })
    expect(result).not.toHaveProperty('credentials')
  })

  it.each(cases)('27. %s (%d) is the same at once', (reason, _, __, [request, more]) => {
    if (/^replay/.test(reason)) return
    const options = { ...verifying, ...more } as sync.SyncVerifyOptions
    expect(verdict(sync.verify(request, options))).toBe(reason)
  })

  it('27. shows what was canonicalised where it came to that, but no signature', async () => {
    const result = await verify({ ...good, url: '/b' }, verifying)
    expect(result).toMatchObject({
      trace: { canonicalRequest: expect.stringMatching(/^GET\n\/b\n/) },
    })
    expect((result as { trace: object }).trace).not.toHaveProperty('signature')
  })

  it('28. for the time says which times those were', async () => {
    expect(await verify(good, at(3600))).toMatchObject({
      times: { request: now, server: new Date(Number(now) + 3600_000) },
    })
  })
})

describe('time', () => {
  it.each([
    [900, 'accepted'],
    [-900, 'accepted'],
    [900.001, 'clock-skew'],
    [-900.001, 'clock-skew'],
  ])('28. a request in the header that is %d seconds old is %s', async (age, want) => {
    expect(await verdictOf(good, at(age))).toBe(want)
  })

  it.each([
    [900, 'accepted'],
    [900.001, 'expired'],
    [-900, 'accepted'],
    [-900.001, 'not-yet-valid'],
  ])('28. a URL for 900 seconds that is %d seconds old is %s', async (age, want) => {
    expect(await verdictOf(goodUrl, at(age))).toBe(want)
  })

  it.each([1, 604800])('28. a URL for %d seconds lives that long', async (expiresIn) => {
    const request = arriving(sync.presign({ url }, { ...signing, expiresIn }))
    expect(accepted(await verify(request, at(expiresIn))).expiresAt).toEqual(at(expiresIn).now)
    expect(await verdictOf(request, at(expiresIn + 0.001))).toBe('expired')
  })

  it('28. the caller sets how far clocks may differ, and how long a URL may live', async () => {
    expect(await verdictOf(good, { ...at(3000), maxClockSkew: 3600 })).toBe('accepted')
    expect(await verdictOf(good, { ...at(1), maxClockSkew: 0 })).toBe('clock-skew')
    expect(await verdictOf(goodUrl, { ...verifying, maxExpiresIn: 900 })).toBe('accepted')
    expect(await verdictOf(goodUrl, { ...at(-60), maxClockSkew: 30 })).toBe('not-yet-valid')
  })

  it('28. an option that is no number or no date accepts nothing', async () => {
    const { NaN: none } = Number
    for (const wrong of [{ now: new Date(none) }, { maxClockSkew: none }, { maxExpiresIn: none }])
      for (const request of [good, goodUrl])
        if (
          !('maxExpiresIn' in wrong && request === good) &&
          !('maxClockSkew' in wrong && request === goodUrl)
        )
          expect(await verdictOf(request, { ...verifying, ...wrong })).not.toBe('accepted')
  })

  it('28. defaults to now', async () => {
    const { signingDate: _, ...undated } = signing
    const { now: __, ...options } = verifying
    const request = arriving(sync.sign({ url }, undated))
    expect(await verdictOf(request, options)).toBe('accepted')
    expect(await verdictOf(good, options)).toBe('clock-skew')
  })

  it('26. is that of a Date header where there is no x-amz-date', async () => {
    const date = 'Sun, 30 Aug 2015 12:36:00 GMT'
    const request = signedByHand({ headers: { date, host: 'a' }, signedHeaders: 'date;host' })
    expect(accepted(await verify(request, verifying)).signedAt).toEqual(now)
    expect(await verdictOf(request, at(901))).toBe('clock-skew')
    const other = { ...request.headers, date: 'Sun, 30 Aug 2015 12:36:01 GMT' }
    expect(await verdictOf({ ...request, headers: other }, verifying)).toBe('signature-mismatch')
  })
})

describe('the host', () => {
  const behindProxy = { ...good, headers: { ...good.headers, host: '10.0.0.1:8080' } }

  it('26. may be one of those that the sender may have used, and which one is told', async () => {
    const hosts = ['other.example.com', 'abc.example.com']
    expect(accepted(await verify(behindProxy, { ...verifying, hosts })).host).toBe(
      'abc.example.com',
    )
    for (const request of [good, behindProxy])
      expect(await verdictOf(request, { ...verifying, hosts: ['other'] })).toBe(
        'signature-mismatch',
      )
  })

  it('26. is never taken from X-Forwarded-Host', async () => {
    const headers = {
      ...behindProxy.headers,
      'x-forwarded-host': 'abc.example.com',
      forwarded: 'host=abc.example.com',
    }
    expect(await verdictOf({ ...behindProxy, headers }, verifying)).toBe('signature-mismatch')
  })

  it('26. is :authority in HTTP/2, and no other pseudo header is a header', async () => {
    const { host, ...rest } = good.headers
    const pseudo = {
      ':method': 'GET',
      ':path': '/a',
      ':scheme': 'https',
      ':authority': host as string,
    }
    expect(await verdictOf({ ...good, headers: { ...pseudo, ...rest } }, verifying)).toBe(
      'accepted',
    )
    const wrong = { ...pseudo, ':authority': 'other', ...rest }
    expect(await verdictOf({ ...good, headers: wrong }, verifying)).toBe('signature-mismatch')
  })

  it('26. is that of the URL where a fetch Request has no Host header', async () => {
    const { host: _, ...headers } = good.headers
    expect(await verdictOf({ ...good, url, headers }, verifying)).toBe('accepted')
    const request = new Request(url, { headers })
    expect(await verdictOf(request as never, verifying)).toBe('accepted')
    expect(await verdictOf({ ...good, url: 'https://other/a', headers }, verifying)).toBe(
      'signature-mismatch',
    )
  })
})

describe('headers', () => {
  const added = { ...good, headers: { ...good.headers, 'X-Amz-Cf-Id': 'x' } }

  it('27. that start with x-amz- may come unsigned where the caller tolerates their names', async () => {
    for (const names of [['x-amz-cf-id'], ['X-Amz-Cf-Id'], new Set(['a', 'x-amz-cf-id'])])
      expect(await verdictOf(added, { ...verifying, toleratedUnsignedHeaders: names })).toBe(
        'accepted',
      )
    expect(await verdictOf(added, { ...verifying, toleratedUnsignedHeaders: ['x-amz-cf'] })).toBe(
      'unsigned-headers',
    )
  })

  it('27. host and the date are not to be tolerated unsigned', async () => {
    const headers = { host: 'a', 'x-amz-date': '20150830T123600Z' }
    const toleratedUnsignedHeaders = ['host', 'x-amz-date', 'date']
    for (const signedHeaders of ['host', 'x-amz-date'])
      expect(
        await verdictOf(signedByHand({ headers, signedHeaders }), {
          ...verifying,
          toleratedUnsignedHeaders,
        }),
      ).toBe('unsigned-headers')
  })

  it.each<[string, VerifyOptions['now'], (headers: Record<string, string>) => unknown]>([
    ['a Headers object', now, (headers) => new Headers(headers)],
    ['pairs', now, (headers) => Object.entries(headers)],
    ['a Map', now, (headers) => new Map(Object.entries(headers))],
    [
      'node:http',
      now,
      (headers) => ({ ...headers, 'x-none': undefined, 'set-cookie': ['a', 'b'] }),
    ],
  ])('26. come as %s has them', async (_, __, shape) => {
    const headers = shape(good.headers as Record<string, string>)
    expect(await verdictOf({ ...good, headers: headers as never }, verifying)).toBe('accepted')
  })
})

describe('a bare +', () => {
  const s3 = { ...verifying, service: 's3' }
  const blank = arriving(sync.sign({ url: `${url}?q=a b` }, signing))
  const plus = arriving(sync.sign({ url: `${url}?q=a%2Bb` }, signing))
  const wire = (request: typeof blank, target = '/a?q=a+b') => ({ ...request, url: target })

  it('8. in a query is a blank, or itself where the caller says so, and never either', async () => {
    const literal = { ...verifying, plus: 'literal' } as const
    expect(await verdictOf(wire(blank), verifying)).toBe('accepted')
    expect(await verdictOf(wire(plus), verifying)).toBe('signature-mismatch')
    expect(await verdictOf(wire(blank), literal)).toBe('signature-mismatch')
    expect(await verdictOf(wire(plus), literal)).toBe('accepted')
  })

  it('5. in a path of S3 is read in the same way, and in other paths is itself', async () => {
    const signed = (path: string, service: string) =>
      arriving(sync.sign({ url: `https://abc.example.com${path}` }, { ...signing, service }))
    const literal = { ...s3, plus: 'literal' } as const
    expect(await verdictOf(wire(signed('/a b', 's3'), '/a+b'), s3)).toBe('accepted')
    expect(await verdictOf(wire(signed('/a%2Bb', 's3'), '/a+b'), s3)).toBe('signature-mismatch')
    expect(await verdictOf(wire(signed('/a%2Bb', 's3'), '/a+b'), literal)).toBe('accepted')
    expect(await verdictOf(wire(signed('/a+b', 'execute-api'), '/a+b'), verifying)).toBe('accepted')
    expect(await verdictOf(wire(signed('/a b', 'execute-api'), '/a+b'), verifying)).toBe(
      'signature-mismatch',
    )
  })
})

describe('verify', () => {
  it('31. touches neither the request nor the options', async () => {
    const request = Object.freeze({ ...good, headers: Object.freeze({ ...good.headers }) })
    const options = Object.freeze({ ...verifying, hosts: Object.freeze(['abc.example.com']) })
    const before = JSON.stringify([request, options])
    expect(await verdictOf(request, options)).toBe('accepted')
    expect(JSON.stringify([request, options])).toBe(before)
  })

  it('31. does not remember a bad request', async () => {
    const verifier = sync.createVerifier(verifying)
    const all = Object.values(REFUSED).flatMap(([, ...requests]) =>
      requests.map(([request]) => request),
    )
    const first = all.map((request) => verdict(verifier.verify(request)))
    for (const request of all) {
      verifier.verify(request)
      expect(verdict(verifier.verify(good))).toBe('accepted')
    }
    expect(all.map((request) => verdict(verifier.verify(request)))).toEqual(first)
  })

  it('passes on what the lookup throws, and throws where it returns no key', async () => {
    const error = new Error('the key store is down')
    const failing = { ...verifying, credentials: () => Promise.reject(error) }
    await expect(verify(good, failing)).rejects.toBe(error)
    const answering = (answer: unknown) => ({ ...verifying, credentials: () => answer as never })
    const keyless = { accessKeyId: 'AKIDEXAMPLE' }
    for (const none of [keyless, [keyless], { ...keyless, secretAccessKey: '' }])
      await expect(verify(good, answering(none))).rejects.toMatchObject({
        code: 'invalid-credentials',
      })
    // What a plain object inherits is found by a stranger's key id, and must not throw.
    for (const other of [{}, Object, [{ secretAccessKey: 'secret' }]])
      expect(await verify(good, answering(other))).toMatchObject({ reason: 'unknown-access-key' })
  })

  it('asks for the key with the claim, once, and not before the rest of it stands', async () => {
    const asked: unknown[] = []
    const credentials = (...call: unknown[]) => void asked.push(call)
    await verify(good, { ...verifying, credentials })
    expect(asked).toEqual([
      [
        'AKIDEXAMPLE',
        expect.objectContaining({
          placement: 'header',
          signedAt: now,
          signedHeaders: ['host', 'x-amz-date'],
        }),
      ],
    ])
    await verify(good, { ...verifying, credentials, region: 'eu-west-1' })
    expect(asked).toHaveLength(1)
  })
})
