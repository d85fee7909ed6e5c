import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import {
  createSigner,
  type DerivedCredentials,
  deriveSigningKey,
  type ImportedCredentials,
  presign,
  type SigningCredentials,
  sign,
  verify,
} from 'countersign'
import { derivedCredentials, type HandleScope, importCredentials } from 'countersign/credentials'
import * as sync from 'countersign/sync'
import { describe, expect, it, vi } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { expectError, signingDate } from '../behaviours/common.ts'

const SECRET = 'wJalrRECOGNISABLE/secret+KEY'
const TOKEN = 'FwoRECOGNISABLE//token+IQ=='
const session = {
  ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: TOKEN },
  expiration: new Date('2015-08-30T13:00:00Z'),
}
const scope = { date: '20150830', region: 'us-east-1', service: 's3' }
const url = 'https://bucket.s3.amazonaws.com/key'
const options = { service: 's3', region: 'us-east-1', signingDate }

const HANDLES: readonly (readonly [string, () => Promise<SigningCredentials>])[] = [
  ['a derived key', () => derivedCredentials(session, scope)],
  ['an imported key with a scope', () => importCredentials(session, scope)],
  [
    'a derived key, imported',
    async () => importCredentials(await derivedCredentials(session, scope)),
  ],
  ['an imported secret', () => importCredentials(session)],
]

describe.each(HANDLES)('%s', (name, make) => {
  const scoped = !/secret/.test(name)

  it('signs and presigns as the secret does, by either backend', async () => {
    const credentials = await make()
    for (const crypto of [undefined, web])
      for (const verb of [sign, presign] as const) {
        const expected = await verb({ url }, { ...options, credentials: session })
        expect(await verb({ url }, { ...options, credentials, crypto })).toEqual(expected)
        const aws = createSigner({ ...options, credentials, crypto })
        expect(await aws.sign({ url })).toEqual(
          await sign({ url }, { ...options, credentials: session }),
        )
      }
  })

  it('verifies, where a server keeps nothing else', async () => {
    const signed = await sign({ url }, { ...options, credentials: session })
    const credentials = (await make()) as DerivedCredentials
    const received = { ...signed, headers: { host: new URL(url).host, ...signed.headers } }
    const lookup = { service: 's3', now: signingDate, credentials: () => credentials }
    expect(await verify(received as never, lookup)).toMatchObject({ ok: true })
  })

  it(scoped ? 'signs for its scope alone' : 'signs for any scope', async () => {
    const credentials = await make()
    for (const other of [
      { service: 'execute-api' },
      { region: 'eu-west-1' },
      { signingDate: new Date('2015-08-29T12:36:00Z') },
    ]) {
      const call = () => sign({ url }, { ...options, ...other, credentials })
      if (scoped) await expectError(call, 'invalid-scope', /scope/)
      else {
        const { signature } = await sign({ url }, { ...options, ...other, credentials: session })
        expect((await call()).signature).toBe(signature)
      }
    }
  })

  it("ends with its session's end", async () => {
    const credentials = await make()
    expect(credentials).toMatchObject({ expiration: session.expiration })
    const late = { ...options, credentials, signingDate: new Date('2015-08-30T13:00:00Z') }
    await expectError(() => sign({ url }, late), 'expired-credentials')
  })

  it('32. shows neither key nor session token', async () => {
    const credentials = await make()
    const key = await deriveSigningKey(SECRET, options)
    const shown = [
      JSON.stringify(credentials),
      JSON.stringify({ credentials: [credentials] }),
      inspect(credentials),
      inspect({ credentials }, { depth: 9, showHidden: true, getters: true }),
      String(credentials),
    ].join('\n')
    const hidden = [SECRET, TOKEN, Buffer.from(SECRET).toString('hex')]
    for (const bytes of [key, Buffer.from(`AWS4${SECRET}`)])
      hidden.push(
        Buffer.from(bytes).toString('hex'),
        Buffer.from(bytes).toString('base64'),
        [...bytes.subarray(0, 6)].join(','),
        [...bytes.subarray(0, 6)].join(', '),
      )
    expect(hidden.filter((text) => shown.includes(text))).toEqual([])
    expect(shown).toContain('ASIAEXAMPLE')
  })

  it('survives a structured clone, which is how IndexedDB keeps it', async () => {
    const kept = structuredClone(await make())
    expect((kept as ImportedCredentials).sessionToken).toBe(TOKEN)
    const { signature } = await sign({ url }, { ...options, credentials: kept })
    expect(signature).toBe((await sign({ url }, { ...options, credentials: session })).signature)
  })
})

const keyOf = async (handle: Promise<SigningCredentials>) =>
  ((await handle) as ImportedCredentials).signingKey as CryptoKey

describe('an imported key', () => {
  it('cannot be exported: importCredentials makes a key that no script can read', async () => {
    for (const make of HANDLES.slice(1)) {
      const signingKey = await keyOf(make[1]())
      expect(signingKey).toMatchObject({ extractable: false, type: 'secret', usages: ['sign'] })
      for (const format of ['raw', 'jwk'] as const)
        await expect(crypto.subtle.exportKey(format, signingKey)).rejects.toThrow(/extract/)
    }
  })

  it('is not for countersign/sync', async () => {
    const credentials = (await importCredentials(session)) as never
    await expectError(() => sync.sign({ url }, { ...options, credentials }), 'not-synchronous')
  })

  it('with a scope signs for that day, region and service and nothing else, though by hand', async () => {
    const signingKey = await keyOf(importCredentials(session, scope))
    const signed = await sign({ url }, { ...options, region: 'eu-west-1', credentials: session })
    const text = new TextEncoder().encode(signed.trace.stringToSign)
    const forged = Buffer.from(await crypto.subtle.sign('HMAC', signingKey, text)).toString('hex')
    expect(forged).not.toBe(signed.signature)
    const headers = {
      host: new URL(url).host,
      ...signed.headers,
      authorization: `${signed.headers.authorization}`.replace(signed.signature, forged),
    }
    const lookup = { service: 's3', now: signingDate, credentials: () => session }
    const received = { method: 'GET', url: '/key', headers }
    expect(await verify(received, lookup)).toMatchObject({ reason: 'signature-mismatch' })
    headers.authorization = `${signed.headers.authorization}`
    expect(await verify(received, lookup)).toMatchObject({ ok: true })
  })

  it('without a scope lets a script carry away the keys of any days, as is documented', async () => {
    const signingKey = await keyOf(importCredentials(session))
    const bytes = (text: string) => new TextEncoder().encode(text)
    const day = await crypto.subtle.sign('HMAC', signingKey, bytes('20300101'))
    const expected = createHmac('sha256', `AWS4${SECRET}`).update('20300101').digest()
    expect(Buffer.from(day)).toEqual(expected)
  })

  it('has a remedy where there is no crypto.subtle', async () => {
    vi.stubGlobal('crypto', {})
    try {
      await expectError(
        () => importCredentials(session, scope),
        'crypto-unavailable',
        /https or countersign\/sync/,
      )
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('keeps the scope of a derived key, and takes no other beside it', async () => {
    const derived = await derivedCredentials(session, scope)
    expect((await importCredentials(derived)).scope).toEqual(scope)
    for (const other of [scope, { ...scope, region: 'eu-west-1' }])
      await expectError(() => importCredentials(derived, other), 'invalid-scope', /secret/)
  })
})

describe('the scope of a derived key', () => {
  it('is the day that is given, of a date, or today', async () => {
    const derive = async (more: Partial<HandleScope>) =>
      (await derivedCredentials(session, { region: 'us-east-1', service: 's3', ...more })).scope
    expect(await derive({ date: '20150830' })).toEqual(scope)
    expect(await derive({ signingDate })).toEqual(scope)
    vi.useFakeTimers({ toFake: ['Date'], now: signingDate })
    expect(await derive({})).toEqual(scope)
    vi.useRealTimers()
  })

  it('goes to a page as JSON, and comes back', async () => {
    const { signingKey, ...rest } = await derivedCredentials(session, scope)
    const text = JSON.stringify({ ...rest, signingKey: Array.from(signingKey) })
    expect(text).not.toContain(SECRET)
    const { expiration, ...read } = JSON.parse(text)
    const back = {
      ...read,
      expiration: new Date(expiration),
      signingKey: Uint8Array.from(read.signingKey),
    }
    const credentials = await importCredentials(back)
    const { signature } = await sign({ url }, { ...options, credentials })
    expect(signature).toBe((await sign({ url }, { ...options, credentials: session })).signature)
  })

  it.each<[string, unknown, unknown, 'invalid-date' | 'invalid-scope' | 'invalid-credentials']>([
    ['a date that is none', session, { ...scope, date: '20150231' }, 'invalid-date'],
    ['an empty date', session, { ...scope, date: '' }, 'invalid-date'],
    ['a date in another form', session, { ...scope, date: '2015-08-30' }, 'invalid-date'],
    ['no region', session, { ...scope, region: undefined }, 'invalid-scope'],
    ['a service with a slash', session, { ...scope, service: 'a/b' }, 'invalid-scope'],
    ['no secret', { accessKeyId: 'A' }, scope, 'invalid-credentials'],
    ['no key id', { secretAccessKey: 'A' }, scope, 'invalid-credentials'],
    ['no credentials', undefined, scope, 'invalid-credentials'],
    [
      'a key in place of the secret',
      { accessKeyId: 'A', signingKey: new Uint8Array(32) },
      scope,
      'invalid-credentials',
    ],
  ])('refuses %s', async (_, credentials, wrong, code) => {
    const call = [credentials, wrong] as Parameters<typeof derivedCredentials>
    await expectError(() => derivedCredentials(...call), code)
    await expectError(() => importCredentials(...call), code)
  })
})
