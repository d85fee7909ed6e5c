import { inspect } from 'node:util'
import {
  createReplayGuard,
  createSigner,
  type ErrorCode,
  presign,
  type SigningCredentials,
  type SignOptions,
  sign,
} from 'countersign'
import { assumeRoleWithWebIdentity } from 'countersign/credentials'
import * as sync from 'countersign/sync'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { errorOf } from './common.ts'

const SECRET = 'wJalrRECOGNISABLE/secret+KEY'
const TOKEN = 'FwoRECOGNISABLE//token+IQ=='
const SIGNATURE = `${'c0ffee'.repeat(10)}beef`

const url = 'https://example.com/a'
const signingDate = new Date('2015-08-30T12:36:00Z')
const scope = { date: '20150830', region: 'us-east-1', service: 's3' }
const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN }
const options = { service: 's3', region: 'us-east-1', credentials, signingDate }

const signingKey = sync.deriveSigningKey(SECRET, { ...scope, signingDate })
const derived = { accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN, signingKey, scope }

/** Every spelling in which a secret could be seen. */
const SPELLINGS = [
  SECRET,
  encodeURIComponent(SECRET),
  TOKEN,
  encodeURIComponent(TOKEN),
  SIGNATURE,
  ...[signingKey, Buffer.from(SECRET), Buffer.from(`AWS4${SECRET}`)].flatMap((bytes) => [
    Buffer.from(bytes).toString('hex'),
    Buffer.from(bytes).toString('base64'),
    Buffer.from(bytes).toString('latin1'),
    Buffer.from(bytes)
      .toString('hex')
      .replace(/..(?=.)/g, '$& '),
    [...bytes.subarray(0, 8)].join(', '),
    [...bytes.subarray(0, 8)].join(','),
  ]),
]

const HIDDEN = { depth: Infinity, showHidden: true, getters: true, maxArrayLength: Infinity }

/** All that a log or a debugger would write of a value. */
function textsOf(value: unknown): string[] {
  const texts = [String(value), inspect(value, HIDDEN), inspect(value), JSON.stringify(value) ?? '']
  if (!(value instanceof Error)) return texts
  const own = JSON.stringify(value, Object.getOwnPropertyNames(value))
  const cause = value.cause === undefined ? [] : textsOf(value.cause)
  return [...texts, value.message, value.stack ?? '', own, ...cause]
}

const leaksOf = (value: unknown) =>
  SPELLINGS.filter((spelling) => textsOf(value).some((text) => text.includes(spelling)))

const bad = (wrong: Partial<Record<keyof SignOptions | 'expiresIn', unknown>>) => {
  const wrongOptions = { ...options, ...wrong } as SignOptions
  return [() => sign({ url }, wrongOptions), () => presign({ url }, wrongOptions)]
}

const badCredentials = (wrong: unknown) => bad({ credentials: wrong })

const badUrl = (wrong: string) => [() => sign({ url: wrong }, options)]

/** Calls a function where the platform looks like a browser page. */
function inPage<T>(call: () => T): T {
  vi.stubGlobal('location', { href: url })
  vi.stubGlobal('process', undefined)
  try {
    return call()
  } finally {
    vi.unstubAllGlobals()
  }
}

/** Every error there is, provoked with secrets at hand; a new code must be added here. */
const PROVOKED: Partial<Record<ErrorCode, (() => unknown)[]>> = {
  'crypto-unavailable': [
    () => {
      vi.stubGlobal('crypto', undefined)
      return sign({ url }, { ...options, crypto: web })
    },
  ],
  'credentials-refused': [
    () =>
      assumeRoleWithWebIdentity({
        ...{ region: 'us-east-1', roleArn: 'arn:aws:iam::123456789012:role/a' },
        webIdentityToken: TOKEN,
        fetch: async () =>
          new Response(
            `<Error><Code>ValidationError</Code><Message>Value '${TOKEN}'</Message></Error>`,
            { status: 400 },
          ),
      })(),
  ],
  'dot-segments': badUrl(`${url}/../b?X-Amz-Security-Token=${encodeURIComponent(TOKEN)}`),
  'expired-credentials': badCredentials({ ...credentials, expiration: new Date(0) }),
  'invalid-body': [
    () => sign({ url, body: { secret: SECRET } as unknown as string }, options),
    () => sign({ url, body: [SECRET, TOKEN] as unknown as string }, options),
  ],
  'invalid-credentials': [
    undefined,
    null,
    SECRET,
    {},
    () => undefined,
    () => SECRET,
    async () => SECRET,
    async () => null,
    { secretAccessKey: SECRET },
    { accessKeyId: `${SECRET} `, secretAccessKey: SECRET },
    { ...credentials, sessionToken: `${TOKEN}\r\n` },
    { accessKeyId: '', secretAccessKey: SECRET },
    { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: '', sessionToken: TOKEN },
    { ...derived, accessKeyId: undefined },
    { ...derived, signingKey: undefined },
  ].flatMap(badCredentials),
  'invalid-date': bad({ signingDate: new Date(Number.NaN) }),
  'invalid-expiry': [() => presign({ url }, { ...options, expiresIn: 0 })],
  'invalid-header': [
    () => sign({ url, headers: { 'x-amz-security-token': `${TOKEN}\n` } }, options),
    () => sign({ url, headers: { authorization: `Signature=${SIGNATURE}\0` } }, options),
  ],
  'invalid-options': [() => createReplayGuard({ limit: 0 })],
  'invalid-payload': bad({ payload: SECRET }),
  'invalid-scope': [
    ...bad({ region: undefined }),
    ...bad({ region: SECRET }),
    ...bad({ service: `s3 ${TOKEN}` }),
    ...bad({ credentials: derived, region: 'eu-west-1' }),
  ],
  'invalid-url': [
    ...badUrl(`https://ASIAEXAMPLE:${encodeURIComponent(SECRET)}@example.com/#`),
    ...badUrl(`${url}?X-Amz-Security-Token=${TOKEN}&X-Amz-Signature=${SIGNATURE}#`),
  ],
  'long-term-credentials': [
    () => {
      const longTerm = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: SECRET }
      return inPage(() => sync.sign({ url }, { ...options, credentials: longTerm }))
    },
  ],
  'not-synchronous': [
    () => sync.sign({ url }, { ...options, credentials: (async () => credentials) as never }),
    () =>
      sync.sign(
        { url },
        {
          ...options,
          credentials: () => Promise.reject(new Error(SECRET)) as never,
        },
      ),
  ],
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('secrets in errors', () => {
  const provocations = Object.entries(PROVOKED).flatMap(([code, calls]) =>
    calls.map((call, index) => [code, index + 1, call] as const),
  )

  it.each(provocations)(
    '32. %s (%d) shows no secret, token, key or signature',
    async (code, _, call) => {
      const error = await errorOf(call)
      vi.unstubAllGlobals()
      expect(leaksOf(error)).toEqual([])
      expect({ name: error.name, code: error.code }).toEqual({ name: 'CountersignError', code })
      expect(error.message).toMatch(/\w+ \w+/)
    },
  )

  it('32. keys of a wrong kind are not shown by an error of the platform either', async () => {
    const wrong = [
      { ...derived, signingKey: { bytes: SECRET } },
      { ...derived, signingKey: [SECRET] },
      { ...derived, signingKey: new Map([['key', SECRET]]) },
      { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: { value: SECRET } },
    ]
    for (const given of wrong)
      for (const crypto of [undefined, web]) {
        const call = sign({ url }, { ...options, credentials: given as never, crypto })
        expect(leaksOf(await call.catch((error: unknown) => error).then(problemOf))).toEqual([])
      }
  })
})

/** The error of a call, or nothing where it went through. */
const problemOf = (outcome: unknown) => (outcome instanceof Error ? outcome : undefined)

describe('secrets in signers', async () => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(`AWS4${SECRET}`),
    algorithm,
    false,
    ['sign'],
  )
  const sources: [string, SignOptions['credentials']][] = [
    ['credentials', credentials],
    ['a provider', () => credentials],
    ['an asynchronous provider', async (): Promise<SigningCredentials> => credentials],
    ['a derived key', derived],
    ['an imported key', { accessKeyId: 'ASIAEXAMPLE', sessionToken: TOKEN, signingKey: imported }],
  ]

  it.each(sources)(
    '32. a signer with %s shows nothing of it, before and after use',
    async (name, source) => {
      const crypto = name === 'an imported key' ? web : undefined
      const signer = createSigner({ ...options, credentials: source, crypto })
      expect(leaksOf(signer)).toEqual([])
      const expected = await sign({ url }, options)
      const signed = await signer.sign({ url })
      expect(signed.signature).toBe(expected.signature)
      await signer.presign({ url })
      for (const value of [signer, { signer }, [signer], signer.sign, signer.presign, signer.fetch])
        expect(leaksOf(value)).toEqual([])
      expect(
        leaksOf({ ...signed.trace, signature: '' }).filter((leak) => !TOKENS.has(leak)),
      ).toEqual([])
    },
  )

  it('32. a synchronous signer shows nothing either', () => {
    for (const source of [credentials, () => credentials, derived]) {
      const signer = sync.createSigner({ ...options, credentials: source })
      signer.sign({ url })
      for (const value of [signer, signer.sign, signer.presign]) expect(leaksOf(value)).toEqual([])
    }
  })

  it('32. the sweep itself finds what is shown', () => {
    for (const shown of [credentials, derived, new Error('a', { cause: new Error(SECRET) })])
      expect(leaksOf(shown)).not.toEqual([])
  })
})

/** The session token is part of a signed request, in its header and so in its trace. */
const TOKENS = new Set([TOKEN, encodeURIComponent(TOKEN)])
