import { inspect } from 'node:util'
import { awsError, createReplayGuard, createVerifier, type Refused, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { accepted, arriving, now, signing, verifying } from './common.ts'
import { REFUSED } from './refusals.ts'

const SECRET = 'wJalrRECOGNISABLE/secret+KEY'
const TOKEN = 'FwoRECOGNISABLE//token+IQ=='
const url = 'https://abc.example.com/a'
const held = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN }
const options = { ...verifying, credentials: () => held }
const signingKey = sync.deriveSigningKey(SECRET, signing)
const derived = {
  ...{ accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN, signingKey },
  scope: { date: '20150830', region: 'us-east-1', service: 'execute-api' },
}
const good = arriving(sync.sign({ url }, { ...signing, credentials: held }))
const goodUrl = arriving(sync.presign({ url }, { ...signing, credentials: held }))

/** The signature that a request would have to carry, found by signing it properly. */
const signatureOf = (path: string, verb: typeof sign) =>
  verb({ url: `https://abc.example.com${path}` }, { ...signing, credentials: held }).signature
const { sign, presign } = sync

const spellings = (...bytes: (Uint8Array | string)[]) =>
  bytes.flatMap((one) => {
    const buffer = Buffer.from(one)
    const octets = buffer.toString('hex').match(/../g) as string[]
    return [
      ...(['hex', 'base64', 'latin1'] as const).map((encoding) => buffer.toString(encoding)),
      ...[octets.join(' '), [...buffer].join(','), [...buffer].join(', ')],
      encodeURIComponent(buffer.toString('latin1')),
    ]
  })
const SECRETS = spellings(SECRET, `AWS4${SECRET}`, signingKey)
const TOKENS = spellings(TOKEN)

/** All that a log, a debugger or a JSON logger would write of a value. */
const textsOf = (value: unknown): string =>
  [
    String(value),
    inspect(value),
    inspect(value, { depth: Infinity, maxStringLength: Infinity }),
    JSON.stringify(value),
  ].join('\n')
const leaksOf = (value: unknown, secrets: readonly string[]) =>
  secrets.filter((secret) => textsOf(value).includes(secret))

describe('a verifier', () => {
  it.each<[string, object]>([
    ['a secret', held],
    ['a derived key', derived],
  ])('32. with %s shows nothing of it, before and after use', async (_, key) => {
    for (const verifier of [
      createVerifier({ ...verifying, credentials: () => key as typeof held }),
      sync.createVerifier({ ...verifying, credentials: () => key as typeof held }),
    ]) {
      for (const request of [good, { ...good, url: '/b' }, goodUrl]) await verifier.verify(request)
      for (const shown of [verifier, { verifier }, verifier.verify])
        expect(leaksOf(shown, [...SECRETS, ...TOKENS])).toEqual([])
    }
  })
})

describe('a verified request', () => {
  it.each([held, derived])('32. has its key at hand, and shows it to nobody', async (key) => {
    for (const request of [good, goodUrl]) {
      const verified = accepted(await verify(request, { ...verifying, credentials: () => key }))
      expect(verified.credentials).toBe(key)
      for (const shown of [
        verified,
        { verified },
        { ...verified },
        structuredClone({ ...verified }),
      ])
        expect(leaksOf(shown, SECRETS)).toEqual([])
      expect(Object.keys(verified)).not.toContain('credentials')
    }
  })
})

describe('a refusal', () => {
  const cases = Object.entries(REFUSED).flatMap(([reason, [, ...requests]]) =>
    requests.map((one, index) => [reason, index + 1, one] as const),
  )
  const shown = (refused: unknown) => [
    refused,
    ...(['s3', 'json', 'query'] as const).flatMap((protocol) =>
      (['aws', 'coarse'] as const).map((disclosure) =>
        awsError(refused as Refused, protocol, disclosure),
      ),
    ),
  ]

  it.each(cases)(
    '32. for %s (%d) shows no secret, token or key',
    async (_, __, [request, more]) => {
      const lookups = [more?.credentials, () => held, () => derived, () => [held, derived]]
      for (const credentials of lookups) {
        const refused = await verify(request, {
          ...verifying,
          ...more,
          ...(credentials && { credentials }),
        })
        for (const one of shown(refused)) expect(leaksOf(one, [...SECRETS, ...TOKENS])).toEqual([])
      }
    },
  )

  it('32. never shows the signature that was expected, nor the token that was sent', async () => {
    const headers = (path: string) => ({ ...good, url: path })
    const inUrl = (path: string) => ({ ...goodUrl, url: goodUrl.url.replace('/a?', `${path}?`) })
    for (const [request, verb] of [
      [headers('/b'), sign],
      [inUrl('/b'), presign],
    ] as const) {
      const refused = await verify(request, options)
      expect(refused).toMatchObject({ reason: 'signature-mismatch' })
      for (const one of shown(refused))
        expect(leaksOf(one, [signatureOf('/b', verb), ...SECRETS, ...TOKENS])).toEqual([])
    }
  })

  it('32. nor do the signatures of the other keys and hosts that were tried', async () => {
    const hosts = ['b.example.com', 'c.example.com']
    const refused = await verify({ ...good, url: '/b' }, { ...options, hosts })
    const expected = ['abc.example.com', ...hosts].map(
      (host) => sign({ url: `https://${host}/b` }, { ...signing, credentials: held }).signature,
    )
    for (const one of shown(refused)) expect(leaksOf(one, expected)).toEqual([])
  })

  it('32. the sweep itself finds what is shown', () => {
    for (const secret of [
      { held },
      [SECRET],
      { key: signingKey },
      new Error(SECRET),
      { a: [...signingKey] },
    ])
      expect(leaksOf(secret, SECRETS)).not.toEqual([])
  })
})

describe('what a replay guard is given', () => {
  const claimed = async (request: typeof good) => {
    const calls: [string, Date][] = []
    const claim = (...call: [string, Date]) => calls.push(call) > 0
    const result = await verify(request, { ...options, replayGuard: { claim } })
    return { result, calls }
  }

  it('32. is an id without a secret or signature, and when the request ends', async () => {
    for (const [request, seconds] of [
      [good, 900],
      [goodUrl, 900],
    ] as const) {
      const { calls } = await claimed(request)
      expect(calls).toEqual([
        [
          expect.stringMatching(/^[\da-f]{64}$/),
          new Date(Number(now) + seconds * 1000),
          'ASIAEXAMPLE',
        ],
      ])
      const signature = /Signature=([\da-f]{64})/.exec(JSON.stringify(request))?.[1] as string
      expect(leaksOf(calls, [signature, ...SECRETS, ...TOKENS])).toEqual([])
    }
  })

  it('27. comes last: nothing is claimed for a request that is refused', async () => {
    const body = { ...good, body: 'a' }
    for (const request of [{ ...good, url: '/b' }, body, { ...good, method: 'PUT' }])
      expect((await claimed(request)).calls).toEqual([])
    const s3 = arriving(sign({ url, body: 'a' }, { ...signing, service: 's3', credentials: held }))
    const claim = () => expect.fail('was claimed')
    const result = await verify(
      { ...s3, body: 'b' },
      { ...options, service: 's3', replayGuard: { claim } },
    )
    expect(result).toMatchObject({ reason: 'payload-mismatch' })
  })

  it('27. is one id for all spellings of one request, and another for another', async () => {
    const idOf = async (request: typeof good) => (await claimed(request)).calls[0]?.[0]
    const again = { ...good, headers: Object.fromEntries(Object.entries(good.headers).reverse()) }
    expect(await idOf(again)).toBe(await idOf(good))
    const { authorization = '' } = good.headers
    const spelled = { ...good.headers, authorization: authorization.replaceAll(', ', ',') }
    expect(await idOf({ ...good, url: '/a?', headers: spelled })).toBe(await idOf(good))
    expect(await idOf(goodUrl)).not.toBe(await idOf(good))
  })
})

describe('the guard of a process', () => {
  const end = (seconds: number) => new Date(Number(now) + seconds * 1000)

  it('27. lets each id in once, and keeps it some minutes beyond its end', () => {
    let time = 0
    const guard = createReplayGuard({ now: () => end(time) })
    const claim = (id: string, seconds: number) => guard.claim(id, end(seconds), 'AKID')
    expect([claim('a', 10), claim('a', 10), claim('b', 10)]).toEqual([true, false, true])
    time = 10
    expect([claim('a', 10), claim('c', 10)]).toEqual([false, true])
    time = 10.001
    expect([claim('a', 20), claim('d', 10)]).toEqual([false, false])
    time = 10 + 300 + 60
    expect(claim('a', time + 10)).toBe(true)
  })

  it('27. is full for one key before it is full for all, says so, and forgets what has ended', () => {
    let time = 0
    const guard = createReplayGuard({ limit: 3, limitPerKey: 2, now: () => end(time) })
    const claim = (id: string, key: string) => guard.claim(id, end(time + 10), key)
    const full = expect.objectContaining({ code: 'replay-guard-full' })
    expect([claim('a', 'one'), claim('b', 'one')]).toEqual([true, true])
    expect(() => claim('c', 'one')).toThrow(full)
    expect(claim('c', 'other')).toBe(true)
    expect(() => claim('d', 'other')).toThrow(full)
    time = 10 + 300 + 60
    expect([claim('d', 'one'), claim('a', 'one')]).toEqual([true, true])
    for (const limit of [0, -1, Number.NaN])
      for (const options of [{ limit }, { limitPerKey: limit }])
        expect(() => createReplayGuard(options)).toThrow(
          expect.objectContaining({ code: 'invalid-options' }),
        )
  })
})
