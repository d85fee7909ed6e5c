import { type Credentials, createSigner, presign, type SignOptions, sign } from 'countersign'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, canonicalOf, credentials, expectError, s3, signingDate } from './common.ts'

const url = 'https://example.com/a'
const TOKEN = 'AQoDYXdzEPT//wEX+AMP=='
const temporary: Credentials = { ...credentials, sessionToken: TOKEN }

const queryOf = (target: string) => new URL(target).searchParams

const at = (milliseconds: number) => new Date(signingDate.getTime() + milliseconds)

const HOUR = 3_600_000

describe('temporary credentials', () => {
  it('18. the token is in the query and in the canonical form when presigning', async () => {
    for (const options of [s3, api]) {
      const signed = await presign({ url }, { ...options, credentials: temporary })
      expect(queryOf(signed.url).getAll('X-Amz-Security-Token')).toEqual([TOKEN])
      expect(canonicalOf(signed).query).toContain(
        `X-Amz-Security-Token=${encodeURIComponent(TOKEN)}`,
      )
    }
  })

  it('18. the token is a signed header when signing, and absent where there is none', async () => {
    const signed = await sign({ url }, { ...api, credentials: temporary })
    expect(canonicalOf(signed).headers['x-amz-security-token']).toBe(TOKEN)
    expect(signed.headers['x-amz-security-token']).toBe(TOKEN)
    expect((await sign({ url }, api)).headers).not.toHaveProperty('x-amz-security-token')
    expect(queryOf((await presign({ url }, api)).url).has('X-Amz-Security-Token')).toBe(false)
  })

  it('18. IoT wants the token after the signature', async () => {
    const options = { ...api, service: 'iotdevicegateway', credentials: temporary }
    const signed = await presign({ url: 'wss://a.iot.eu-west-1.amazonaws.com/mqtt' }, options)
    expect(signed.trace.canonicalRequest).not.toContain('Token')
    expect(queryOf(signed.url).getAll('X-Amz-Security-Token')).toEqual([TOKEN])
    const bare = await presign(
      { url: 'wss://a.iot.eu-west-1.amazonaws.com/mqtt' },
      { ...options, credentials },
    )
    expect(signed.signature).toBe(bare.signature)
  })

  it('18. the caller can override where the token stands', async () => {
    const appended: SignOptions = { ...api, credentials: temporary, sessionToken: 'appended' }
    const signed = await sign({ url }, appended)
    expect(signed.trace.signedHeaders).toEqual(['host', 'x-amz-date'])
    expect(signed.headers['x-amz-security-token']).toBe(TOKEN)
    const iot: SignOptions = { ...appended, service: 'iotdevicegateway', sessionToken: 'signed' }
    expect((await sign({ url }, iot)).trace.signedHeaders).toContain('x-amz-security-token')
  })

  it('18. S3 Express names the token x-amz-s3session-token, not for every call', async () => {
    const express: SignOptions = { ...s3, service: 's3express', credentials: temporary }
    const signed = await sign({ url }, express)
    expect(canonicalOf(signed).headers).toMatchObject({ 'x-amz-s3session-token': TOKEN })
    expect(signed.headers).not.toHaveProperty('x-amz-security-token')
    expect(queryOf((await presign({ url }, express)).url).get('X-Amz-S3session-Token')).toBe(TOKEN)
    const create = await sign({ url }, { ...express, sessionTokenName: 'x-amz-security-token' })
    expect(canonicalOf(create).headers).toMatchObject({ 'x-amz-security-token': TOKEN })
    expect(create.headers).not.toHaveProperty('x-amz-s3session-token')
  })

  it("19. expiresAt is the earlier of the URL's end and the credentials' own", async () => {
    const ending = (expiration: Date) =>
      presign({ url }, { ...s3, credentials: { ...temporary, expiration }, expiresIn: 3600 })
    expect((await ending(at(HOUR / 2))).expiresAt).toEqual(at(HOUR / 2))
    expect((await ending(at(2 * HOUR))).expiresAt).toEqual(at(HOUR))
    const endless = await presign({ url }, { ...s3, expiresIn: 3600 })
    expect(endless.expiresAt).toEqual(at(HOUR))
  })

  it('19. credentials already expired are an error before anything is sent', async () => {
    for (const expiration of [at(-1), at(0), at(-HOUR)]) {
      const expired = { ...api, credentials: { ...temporary, expiration } }
      await expectError(() => sign({ url }, expired), 'expired-credentials', /new/i)
      await expectError(() => presign({ url }, expired), 'expired-credentials', /new/i)
      const fetch = vi.fn(async () => new Response())
      const aws = createSigner({ ...expired, fetch })
      await expectError(() => aws.fetch(url), 'expired-credentials')
      await expectError(() => aws.sign({ url }), 'expired-credentials')
      expect(fetch).not.toHaveBeenCalled()
    }
  })
})

describe('a provider', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: signingDate })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const scope = { service: 'execute-api', region: 'us-east-1' }

  it('20. is asked once for many callers, and again before expiry', async () => {
    const provider = vi.fn(async () => {
      await Promise.resolve()
      return { ...temporary, expiration: new Date(Date.now() + HOUR) }
    })
    const aws = createSigner({ ...scope, credentials: provider })
    await Promise.all(Array.from({ length: 20 }, () => aws.sign({ url })))
    await aws.presign({ url })
    expect(provider).toHaveBeenCalledTimes(1)
    vi.setSystemTime(at(HOUR / 2))
    await aws.sign({ url })
    expect(provider).toHaveBeenCalledTimes(1)
    vi.setSystemTime(at(HOUR - 60_000))
    await Promise.all(Array.from({ length: 20 }, () => aws.sign({ url })))
    expect(provider).toHaveBeenCalledTimes(2)
    vi.setSystemTime(at(HOUR + 60_000))
    await expect(aws.sign({ url })).resolves.toBeDefined()
  })

  it('20. that fails once is asked again', async () => {
    const provider = vi.fn(async (): Promise<Credentials> => temporary)
    provider.mockRejectedValueOnce(new Error('no network'))
    const aws = createSigner({ ...scope, credentials: provider })
    await expect(aws.sign({ url })).rejects.toThrow('no network')
    await expect(aws.sign({ url })).resolves.toBeDefined()
  })

  it('20. a changed secret under the same key id misses the key cache', async () => {
    let secretAccessKey = 'first'
    const provided = createSigner({
      ...scope,
      credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey }),
    })
    const fixed = createSigner({ ...scope, credentials })
    for (secretAccessKey of ['first', 'second', 'first', 'third']) {
      const changed = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }
      const { signature } = await sign({ url }, { ...scope, credentials: changed })
      expect((await provided.sign({ url })).signature).toBe(signature)
      expect((await fixed.sign({ url }, { credentials: changed })).signature).toBe(signature)
    }
  })

  it('20. a changed session token is sent, though the key is the same', async () => {
    const aws = createSigner({ ...scope, credentials: temporary })
    await aws.sign({ url })
    const changed = { ...temporary, sessionToken: 'other' }
    const signed = await aws.sign({ url }, { credentials: changed })
    expect(signed.headers['x-amz-security-token']).toBe('other')
  })

  it('20. two presigns across midnight UTC are both right', async () => {
    const aws = createSigner({ ...scope, credentials })
    const days = [
      '2015-08-30T23:59:59.999Z',
      '2015-08-31T00:00:00.000Z',
      '2015-08-30T23:59:59.999Z',
    ]
    for (const day of days) {
      vi.setSystemTime(day)
      const { trace } = await aws.presign({ url })
      const alone = await presign({ url }, { ...scope, credentials, signingDate: new Date(day) })
      expect(trace).toEqual(alone.trace)
      expect(trace.credentialScope).toBe(
        `${day.slice(0, 10).replaceAll('-', '')}/us-east-1/execute-api/aws4_request`,
      )
    }
  })

  it('20. other regions and services miss the key cache too', async () => {
    const aws = createSigner({ ...scope, credentials })
    for (const other of [{ region: 'eu-west-1' }, { service: 's3' }, {}]) {
      const { signature } = await aws.sign({ url }, other)
      expect(signature).toBe((await sign({ url }, { ...scope, credentials, ...other })).signature)
    }
  })
})
