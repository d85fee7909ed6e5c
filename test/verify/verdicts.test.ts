import { inspect } from 'node:util'
import { createVerifier, type ReplayGuard, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend } from '../../src/crypto/node.ts'
import {
  accepted,
  arriving,
  counting,
  credentials,
  now,
  signing,
  verdict,
  verifying,
} from './common.ts'

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

describe('an option', () => {
  it.each([
    ['payload', 'deffered'],
    ['unsignedPayload', 'reject'],
    ['plus', '+'],
    ['pathForm', 'Any'],
    ['pathEncoding', 'triple'],
    ['pathNormalization', 'all'],
    ['sessionToken', 'prepended'],
  ])('%s of another word is told where it is given: %s', (name, word) => {
    const options = { ...verifying, [name]: word } as never
    expect(() => createVerifier(options)).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    )
  })
})

describe('a token that is only appended', () => {
  const iot = { ...signing, service: 'iotdevicegateway' }
  const target = 'https://abc.example.com/mqtt'

  it('is no part of what a URL has signed', async () => {
    const linked = arriving(sync.presign({ url: target }, iot))
    const session = { service: 'iotdevicegateway' }
    expect(verdict(await ask(session, linked))).toBe('accepted')
    const key = { ...credentials, sessionToken: 'a/b' }
    const appended = arriving(sync.presign({ url: target }, { ...iot, credentials: key }))
    expect(verdict(await ask({ ...session, credentials: () => key }, appended))).toBe('accepted')
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

describe('a key that is held for another scope', () => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }
  const held = (...others: object[]) => ({
    credentials: () =>
      others.map((other) => ({
        ...{ accessKeyId: credentials.accessKeyId, signingKey: new Uint8Array(32) },
        scope: { ...scope, ...other },
      })) as never,
  })

  it.each<[object, string]>([
    [{ date: '20150829' }, 'date'],
    [{ date: '20150829', region: 'eu-west-1', service: 's3' }, 'date'],
    [{ region: 'eu-west-1' }, 'region'],
    [{ region: 'eu-west-1', service: 's3' }, 'service'],
    [{ service: 's3' }, 'service'],
  ])('%j is told by the %s', async (other, part) =>
    expect(await ask(held(other))).toMatchObject({ reason: 'scope-mismatch', about: { part } }),
  )

  it('tells nothing where another one is held for this scope', async () =>
    expect(await ask(held({ service: 's3' }, {}))).toMatchObject({ reason: 'signature-mismatch' }))
})

describe('the work of a refusal', () => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }
  const { accessKeyId } = credentials
  const derived = { accessKeyId, signingKey: new Uint8Array(32), scope }
  const bad = { ...good, url: '/b' }

  it.each<[string, Partial<VerifyOptions>, number]>([
    ['of a secret', {}, 5],
    ['of two secrets', { credentials: () => [credentials, credentials] }, 10],
    ['of an unknown key', { credentials: () => undefined }, 5],
    ['of a derived key', { credentials: () => derived }, 5],
    ['of a host that is not ours', { hosts: [] }, 4],
    ['of an unknown key, as to none', { hosts: [], credentials: () => undefined }, 4],
    ['of a derived key, as to none', { hosts: [], credentials: () => derived }, 4],
  ])('%s is a derivation for each, and a signature for each host: %s', async (_, more, hmacs) => {
    const { crypto, costOf } = counting()
    const cost = await costOf(async () => {
      expect((await ask({ crypto, ...more } as never, bad)).ok).toBe(false)
    })
    expect(cost.hmac).toBe(hmacs)
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
