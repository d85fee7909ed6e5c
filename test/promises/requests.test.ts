import { createReplayGuard, type ReplayGuard, type VerifyOptions, verify } from 'countersign'
import { presign, type SyncSignOptions, sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { decode, noise, upload } from '../s3/support.ts'
import {
  accepted,
  arriving,
  credentials,
  now,
  signing,
  verdict,
  verifying,
} from '../verify/common.ts'

const url = 'https://abc.example.com/a?b=1'
const S3 = { service: 's3' } as const

type Sent = ReturnType<typeof arriving>

/** A request that is signed over a body and a header of its own. */
const signed = (more: Partial<SyncSignOptions> = {}, body = 'body'): Sent =>
  arriving(
    sign(
      { method: 'POST', url, body, headers: { 'x-customer': 'Alice', 'x-amz-meta-a': 'a' } },
      { ...signing, ...more },
    ),
  )
const link = (expiresIn = 60, more: Partial<SyncSignOptions> = {}): Sent =>
  arriving(presign({ url }, { ...signing, ...more, expiresIn }))

const judge = async (request: Sent, more: Partial<VerifyOptions> = {}) =>
  verdict(await verify(request, { ...verifying, ...more }))
const later = (seconds: number) => new Date(Number(now) + seconds * 1000)

const without = ({ headers, ...rest }: Sent, name: string): Sent => {
  const { [name]: _, ...others } = headers
  return { ...rest, headers: others }
}
/** Signed as if a header were not there, and sent with it. */
const unsigning = (name: string): Sent => {
  const request = signed({ unsignableHeaders: [name] })
  return { ...request, headers: { ...request.headers, [name]: 'a' } }
}

describe('a request that was changed', () => {
  it.each<[string, (request: Sent) => Sent, string]>([
    ['method', (it) => ({ ...it, method: 'PUT' }), 'signature-mismatch'],
    ['path', (it) => ({ ...it, url: '/b?b=1' }), 'signature-mismatch'],
    ['query', (it) => ({ ...it, url: '/a?b=2' }), 'signature-mismatch'],
    [
      'signed headers',
      (it) => ({ ...it, headers: { ...it.headers, 'x-customer': 'Mallory' } }),
      'signature-mismatch',
    ],
    ['body', (it) => ({ ...it, body: 'other' }), 'payload-mismatch'],
  ])('in method, path, query, signed headers or body is refused: %s', async (_, change, reason) => {
    for (const more of [{}, S3]) {
      const request = signed(more)
      expect(await judge(request, more)).toBe('accepted')
      expect(await judge(change(request), more)).toMatch(
        reason === 'payload-mismatch' ? /^(payload|signature)-mismatch$/ : reason,
      )
    }
  })

  it.each([
    ['/a%2Fb', '/a/b'],
    ['/a%2520b', '/a%20b'],
    ['/a?b=%2526c', '/a?b=%26c'],
    ['/a?b=%26c', '/a?b=&c'],
  ])('is %s for %s: the path and query are read as they came', async (one, other) => {
    const rules = { ...S3, encodedSlash: 'literal' } as const
    for (const [path, sent] of [
      [one, other],
      [other, one],
    ] as const) {
      const request = arriving(
        sign({ url: `https://abc.example.com${path}` }, { ...signing, ...rules }),
      )
      expect(await judge({ ...request, url: path }, rules)).toBe('accepted')
      expect(await judge({ ...request, url: sent }, rules)).toBe('signature-mismatch')
    }
  })

  it('by duplicated X-Amz- parameters is refused', async () => {
    const request = link()
    for (const more of ['X-Amz-Expires=604800', 'x-amz-signature=0', 'X-Amz-%45xpires=1'])
      expect(await judge({ ...request, url: `${request.url}&${more}` })).toBe(
        'malformed-authorization',
      )
  })

  it('by a signature in header and query at once is refused', async () => {
    const request = { ...signed(), url: link().url }
    expect(await judge(request)).toBe('malformed-authorization')
  })
})

it('the order of repeated parameters is not protected by the signature, that of others neither', async () => {
  const request = arriving(sign({ url: 'https://abc.example.com/a?a=1&a=2&b=3' }, signing))
  for (const query of ['a=1&a=2&b=3', 'a=2&a=1&b=3', 'b=3&a=2&a=1'])
    expect(await judge({ ...request, url: `/a?${query}` })).toBe('accepted')
  for (const query of ['a=1&a=2', 'a=1&a=1&b=3', 'a=2&a=3&b=1'])
    expect(await judge({ ...request, url: `/a?${query}` })).toBe('signature-mismatch')
})

it('the path and the host that are verified are told', async () => {
  const result = accepted(await verify(signed(), verifying))
  expect([result.path, result.host]).toEqual(['/a', 'abc.example.com'])
})

describe('headers that matter must be signed', () => {
  it('host, the date and every x-amz-* header', async () => {
    for (const name of ['x-amz-meta-a', 'x-amz-acl', 'x-amz-security-token'])
      expect([name, await judge(unsigning(name))]).toEqual([name, 'unsigned-headers'])
    for (const name of ['host', 'x-amz-date']) {
      const request = signed()
      const authorization = (request.headers.authorization as string).replace(
        new RegExp(`(SignedHeaders=|;)${name};?`),
        '$1',
      )
      const other = { ...request, headers: { ...request.headers, authorization } }
      expect([name, await judge(other)]).toEqual([name, 'unsigned-headers'])
    }
  })

  it('unless you tolerate one by name', async () => {
    const request = unsigning('x-amz-cf-id')
    expect(await judge(request)).toBe('unsigned-headers')
    expect(await judge(request, { toleratedUnsignedHeaders: ['x-amz-cf-id'] })).toBe('accepted')
  })

  it('and a header that is signed but absent is refused', async () => {
    expect(await judge(without(signed(), 'x-customer'))).toBe('signed-header-missing')
  })
})

describe('the body is hashed, not believed', () => {
  it('though its hash is signed and another body is sent', async () => {
    const request = { ...signed(S3), body: 'other' }
    expect(await judge(request, S3)).toBe('payload-mismatch')
  })

  it("an unsigned one is accepted by default for S3's services alone", async () => {
    for (const service of ['s3', 's3express', 'execute-api', 'dynamodb']) {
      const request = { ...signed({ service, payload: 'UNSIGNED-PAYLOAD' }), body: 'any' }
      const isS3 = service.startsWith('s3')
      expect(await judge(request, { service })).toBe(isS3 ? 'accepted' : 'unsigned-payload')
      const refusing = { service, unsignedPayload: 'refuse' } as const
      expect(await judge(request, refusing)).toBe('unsigned-payload')
    }
  })

  it('chunks of an aws-chunked body are verified before they are handed on', async () => {
    const { bytes, verified } = await upload(noise(70_000))
    const other = Buffer.from(bytes)
    // A byte of the second chunk of 64 KiB.
    other[66_000] = (other[66_000] as number) ^ 1
    const handedOn = await decode(other, verified)
    expect([handedOn.bytes.length, handedOn.code]).toEqual([65_536, 'chunk-mismatch'])
  })
})

describe('time is bounded', () => {
  it('15 minutes for requests signed in the header', async () => {
    for (const [seconds, want] of [
      [900, 'accepted'],
      [-900, 'accepted'],
      [901, 'clock-skew'],
      [-901, 'clock-skew'],
    ] as const)
      expect(await judge(signed(), { now: later(seconds) })).toBe(want)
  })

  it('their own expiry, at most seven days, for presigned ones', async () => {
    expect(await judge(link(60), { now: later(60) })).toBe('accepted')
    expect(await judge(link(60), { now: later(61) })).toBe('expired')
    const week = link(604_800)
    expect(await judge(week, { now: later(604_800) })).toBe('accepted')
    const longer = { ...week, url: week.url.replace('=604800', '=604801') }
    expect(await judge(longer)).toBe('malformed-authorization')
  })
})

describe('repeats, with a replayGuard, are refused', () => {
  it('the second time', async () => {
    const replayGuard = createReplayGuard({ now: () => now })
    const request = signed()
    expect(await judge(request, { replayGuard })).toBe('accepted')
    expect(await judge(request, { replayGuard })).toBe('replayed')
  })

  it('claimed last, after signature and body', async () => {
    const claims: string[] = []
    const replayGuard: ReplayGuard = { claim: (id) => claims.push(id) > 0 }
    const request = signed(S3)
    for (const wrong of [{ body: 'other' }, { url: '/b' }, { method: 'PUT' }])
      await judge({ ...request, ...wrong }, { ...S3, replayGuard })
    expect(claims).toEqual([])
    await judge(request, { ...S3, replayGuard })
    expect(claims).toHaveLength(1)
  })

  it('refused when the store is full or fails', async () => {
    const full = createReplayGuard({ limit: 1, limitPerKey: 1, now: () => now })
    expect(await judge(signed(), { replayGuard: full })).toBe('accepted')
    const failing: ReplayGuard = { claim: () => Promise.reject(new Error('gone')) }
    for (const replayGuard of [full, failing])
      expect(await judge(signed({}, 'another'), { replayGuard })).toBe('replay-store-failed')
  })

  it('and without a guard a request can be repeated', async () => {
    const request = signed()
    for (let time = 0; time < 2; time++) expect(await judge(request)).toBe('accepted')
  })
})

it('an S3 path with a dot segment, which a client would resolve to another object, is refused by default', () => {
  for (const path of ['/a/../b', '/a/./b', '/..', '/a/%2e%2e/b', '/a/.%2E'])
    for (const call of [sign, presign])
      expect(() =>
        call({ url: `https://b.s3.amazonaws.com${path}` }, { ...signing, ...S3, credentials }),
      ).toThrow(expect.objectContaining({ code: 'dot-segments' }))
})
