import { inspect } from 'node:util'
import { type ReplayGuard, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend } from '../../src/crypto/node.ts'
import { accepted, arriving, credentials, now, signing, verdict, verifying } from './common.ts'

const url = 'https://abc.example.com/a'
const later = (seconds: number) => new Date(Number(now) + 1000 * seconds)
const good = arriving(sync.sign({ url, method: 'POST', body: 'hello' }, signing))
const linked = arriving(sync.presign({ url }, { ...signing, expiresIn: 60 }))
const ask = (options: Partial<VerifyOptions> = {}, request: object = good) =>
  verify(request as typeof good, { ...verifying, ...options } as VerifyOptions)

describe('a request that is let in', () => {
  it('tells who signed what, for whom and until when', async () => {
    const verified = accepted(await ask())
    expect(verified).toMatchObject({
      ...{ ok: true, accessKeyId: credentials.accessKeyId, host: 'abc.example.com', path: '/a' },
      ...{ placement: 'header', payload: 'verified', signedAt: now, expiresAt: later(900) },
      scope: { date: '20150830', region: 'us-east-1', service: 'execute-api' },
    })
    expect(verified.signedHeaders).toContain('host')
    expect(verified).not.toHaveProperty('payloadCheck')
    expect(accepted(await ask({ maxClockSkew: 5 })).expiresAt).toEqual(later(5))
    expect(accepted(await ask({}, linked))).toMatchObject({
      ...{ placement: 'query', expiresAt: later(60) },
    })
  })

  it('has its key at hand, and in no log', async () => {
    const verified = accepted(await ask())
    expect(verified.credentials).toBe(credentials)
    for (const text of [JSON.stringify(verified), inspect(verified, { showHidden: true })])
      expect(text).not.toContain(credentials.secretAccessKey)
  })

  it.each<[string, Date | undefined, string]>([
    ['no end', undefined, 'accepted'],
    ['an end to come', later(0.001), 'accepted'],
    ['an end that is now', now, 'expired-session-token'],
    ['an end that is over', later(-1), 'expired-session-token'],
    ['an end that is no time', new Date(Number.NaN), 'expired-session-token'],
  ])('is of a key with %s', async (_, expiration, outcome) => {
    const key = { ...credentials, expiration }
    expect(verdict(await ask({ credentials: () => key as never }))).toBe(outcome)
  })

  it('is the one that was signed, to its last byte', async () => {
    for (const body of ['hello!', 'hell', '', undefined])
      expect(verdict(await ask({}, { ...good, body }))).toBe('signature-mismatch')
    // Where the hash stands in the header, it is the body that is wrong.
    const s3 = { service: 's3' }
    const hashed = arriving(
      sync.sign({ url, method: 'POST', body: 'hello' }, { ...signing, ...s3 }),
    )
    expect(verdict(await ask(s3, hashed))).toBe('accepted')
    for (const body of ['hello!', '', undefined])
      expect(verdict(await ask(s3, { ...hashed, body }))).toBe('payload-mismatch')
  })
})

describe('a body that comes later', () => {
  const s3 = { ...signing, service: 's3' }
  const upload = arriving(sync.sign({ url, method: 'PUT', body: 'hello' }, s3))
  const { body: _, ...head } = upload
  const checkOf = async () => {
    const options = { service: 's3', payload: 'deferred' } as const
    const verified = accepted(await ask(options, head))
    expect(verified.payload).toBe('deferred')
    return verified.payloadCheck as unknown as TransformStream<Uint8Array, Uint8Array>
  }
  const through = async (...pieces: string[]) => {
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(Buffer.from(piece))
        controller.close()
      },
    })
    const texts: string[] = []
    try {
      for await (const piece of source.pipeThrough(
        await checkOf(),
      ) as never as AsyncIterable<Buffer>)
        texts.push(Buffer.from(piece).toString())
    } catch (error) {
      texts.push(String((error as { code?: string }).code))
    }
    return texts
  }

  it('is passed on, and fails at its end where it is another', async () => {
    expect(await through('hel', 'lo')).toEqual(['hel', 'lo'])
    expect(await through('hel', 'lo!')).toEqual(['hel', 'lo!', 'payload-mismatch'])
    expect(await through()).toEqual(['payload-mismatch'])
  })

  it('needs a platform that hashes streams', async () => {
    const { sha256Stream: __, ...crypto } = backend
    const options = { service: 's3', payload: 'deferred', crypto } as const
    await expect(ask(options, head)).rejects.toMatchObject({ code: 'crypto-unavailable' })
  })
})

describe('a guard against repeats', () => {
  const guarded = (claim: ReplayGuard['claim'], more: Partial<VerifyOptions> = {}) =>
    ask({ replayGuard: { claim }, ...more })

  it('is told what was signed, with which key, and until when', async () => {
    const asked: unknown[][] = []
    const first = (...call: unknown[]) => asked.push(call) > 0
    await guarded(first)
    await guarded(first)
    await ask({ replayGuard: { claim: first } }, linked)
    expect(asked[0]).toEqual([
      ...[expect.stringMatching(/^[\da-f]{64}$/), later(900), credentials.accessKeyId],
    ])
    expect(asked[1]).toEqual(asked[0])
    expect(asked[2]).toEqual([expect.any(String), later(60), credentials.accessKeyId])
    expect(asked[2]?.[0]).not.toBe(asked[0]?.[0])
  })

  it.each<[string, () => unknown, string]>([
    ['lets it in', () => true, 'accepted'],
    ['lets it in later', async () => true, 'accepted'],
    ['does not', () => false, 'replayed'],
    ['does not, later', async () => false, 'replayed'],
  ])('%s', async (_, claim, outcome) =>
    expect(verdict(await guarded(claim as never))).toBe(outcome),
  )

  it.each<[string, (error: Error) => unknown]>([
    [
      'at once',
      (error) => {
        throw error
      },
    ],
    ['later', (error) => Promise.reject(error)],
  ])('that fails %s is told as such, with why, and not in a log', async (_, fail) => {
    const cause = new Error('redis://secret@host is gone')
    const refused = await guarded(() => fail(cause) as never)
    expect(refused).toMatchObject({ ok: false, reason: 'replay-store-failed', status: 503 })
    expect((refused as { cause?: unknown }).cause).toBe(cause)
    expect(JSON.stringify(refused)).not.toContain('secret')
  })

  it('is not asked of what is refused', async () => {
    let asked = 0
    const claim = () => ++asked > 0
    for (const [more, request] of [
      [{}, { ...good, url: '/b' }],
      [{}, { ...good, body: 'other' }],
      [{ now: later(901) }, good],
      [{ credentials: () => ({ ...credentials, expiration: now }) }, good],
    ] as const)
      expect(verdict(await ask({ ...more, replayGuard: { claim } }, request))).not.toBe('accepted')
    expect(asked).toBe(0)
  })
})

describe('a wrong signature', () => {
  it('is told with how it should have come about, and without a secret', async () => {
    const refused = await ask({}, { ...good, url: '/b' })
    expect(refused).toMatchObject({
      ...{ reason: 'signature-mismatch', status: 403 },
      trace: { canonicalRequest: expect.stringMatching(/^POST\n\/b\n/) },
    })
    const text = JSON.stringify(refused)
    expect(text).not.toContain(credentials.secretAccessKey)
  })

  it('as to several hosts is told as to the first', async () => {
    const hosts = ['one.example.com', 'two.example.com']
    const refused = await ask({ hosts }, { ...good, url: '/b' })
    expect(refused).toMatchObject({
      trace: { canonicalRequest: expect.stringContaining('host:one.example.com\n') },
    })
    // Where no name may have been signed there is nothing to tell.
    const none = await ask({ hosts: [] })
    expect(none).toMatchObject({ reason: 'signature-mismatch' })
    expect(none).not.toHaveProperty('trace')
  })

  it('may be right as to a name that a proxy has replaced', async () => {
    const behind = { ...good, headers: { ...good.headers, host: 'internal:8080' } }
    expect(verdict(await ask({}, behind))).toBe('signature-mismatch')
    const hosts = ['other.example.com', 'abc.example.com']
    expect(accepted(await ask({ hosts }, behind)).host).toBe('abc.example.com')
  })
})
