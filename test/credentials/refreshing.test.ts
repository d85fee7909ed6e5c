import { createSigner, type SigningCredentials, sign } from 'countersign'
import { derivedCredentials, fromEnv, refreshing } from 'countersign/credentials'
import * as sync from 'countersign/sync'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { credentials, expectError } from '../behaviours/common.ts'

const MINUTE = 60_000
const start = Date.parse('2015-08-30T12:00:00Z')

/** A provider of hour-long sessions, and a clock for it. */
function world() {
  let time = start
  let fails = false
  const provider = vi.fn(async () => {
    if (fails) throw new Error('no network')
    return { ...credentials, sessionToken: `${time}`, expiration: new Date(time + 60 * MINUTE) }
  })
  return {
    provider,
    now: () => new Date(time),
    at(minutes: number, failing = false) {
      time = start + minutes * MINUTE
      fails = failing
    },
  }
}

const tokenOf = (held: SigningCredentials) => held.sessionToken

describe('refreshing', () => {
  it('20. asks once for many callers, and again five minutes early', async () => {
    const { provider, now, at } = world()
    const held = refreshing(provider, { now })
    await Promise.all(Array.from({ length: 9 }, () => held()))
    at(54.9)
    expect(tokenOf(await held())).toBe(`${start}`)
    expect(provider).toHaveBeenCalledTimes(1)
    at(55)
    const tokens = await Promise.all(Array.from({ length: 9 }, () => held()))
    expect(new Set(tokens.map(tokenOf))).toEqual(new Set([`${start + 55 * MINUTE}`]))
    expect(provider).toHaveBeenCalledTimes(2)
  })

  it('20. asks as early as it is told', async () => {
    const { provider, now, at } = world()
    const held = refreshing(provider, { now, early: 60 })
    await held()
    at(58.9)
    await held()
    expect(provider).toHaveBeenCalledTimes(1)
    at(59)
    await held()
    expect(provider).toHaveBeenCalledTimes(2)
  })

  it('20. keeps the old ones while they live when a refresh fails, and no longer', async () => {
    const { provider, now, at } = world()
    const held = refreshing(provider, { now })
    await held()
    at(57, true)
    expect(tokenOf(await held())).toBe(`${start}`)
    expect(provider).toHaveBeenCalledTimes(2)
    at(60, true)
    await expect(Promise.resolve(held())).rejects.toThrow('no network')
    at(61)
    expect(tokenOf(await held())).toBe(`${start + 61 * MINUTE}`)
  })

  it('20. asks again for fresh ones, whatever it holds', async () => {
    const { provider, now, at } = world()
    const held = refreshing(provider, { now })
    await held()
    at(1)
    expect(tokenOf(await held('fresh'))).toBe(`${start + MINUTE}`)
    expect(tokenOf(await held())).toBe(`${start + MINUTE}`)
  })

  it('asks each time for what has no end, so that a rotated key is seen', async () => {
    const provider = vi.fn(async () => credentials)
    const held = refreshing(provider)
    await held()
    await held()
    expect(provider).toHaveBeenCalledTimes(2)
  })

  it('a derived key ends with its day, though its session does not', async () => {
    const session = { ...credentials, sessionToken: 'token' }
    const scope = { region: 'us-east-1', service: 's3' }
    let time = Date.parse('2015-08-30T23:50:00Z')
    const provider = vi.fn(() =>
      derivedCredentials(
        { ...session, expiration: new Date('2015-08-31T01:00:00Z') },
        { ...scope, signingDate: new Date(time) },
      ),
    )
    const held = refreshing(provider, { now: () => new Date(time) })
    const signNow = async () =>
      sign(
        { url: 'https://example.com/' },
        { ...scope, credentials: held, signingDate: new Date(time) },
      )
    await signNow()
    time = Date.parse('2015-08-30T23:59:59.999Z')
    await signNow()
    expect(provider).toHaveBeenCalledTimes(1)
    time += 1
    const { signature } = await signNow()
    expect(provider).toHaveBeenCalledTimes(2)
    const expected = await sign(
      { url: 'https://example.com/' },
      { ...scope, credentials: session, signingDate: new Date(time) },
    )
    expect(signature).toBe(expected.signature)
  })

  it('answers at once where the provider does, for countersign/sync', () => {
    const held = refreshing(() => credentials)
    const options = {
      service: 's3',
      region: 'us-east-1',
      credentials: held as () => typeof credentials,
    }
    expect(sync.sign({ url: 'https://example.com/' }, options).signature).toMatch(/^[\da-f]{64}$/)
  })

  it('32. what is no credential at all is a typed error that does not show it', async () => {
    const secret = 'wJalrRECOGNISABLE'
    for (const wrong of [undefined, null, secret, 7, {}, async () => secret]) {
      const provider = (
        typeof wrong === 'function' ? wrong : () => wrong
      ) as () => typeof credentials
      const options = { service: 's3', region: 'us-east-1', credentials: provider }
      const aws = createSigner(options)
      const url = 'https://example.com/'
      await expectError(() => aws.sign({ url }), 'invalid-credentials', /^(?!.*RECOGNISABLE)/)
      const held = refreshing(provider)
      await expectError(
        () => sign({ url }, { ...options, credentials: held }),
        'invalid-credentials',
        /^(?!.*RECOGNISABLE)/,
      )
    }
  })
})

describe('fromEnv', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
  })

  const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
  const stub = (variables: Record<string, string>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  }

  it('reads a key, and a session where there is one, each time it is asked', () => {
    stub({ ...environment, AWS_SESSION_TOKEN: '', AWS_CREDENTIAL_EXPIRATION: '' })
    const provider = fromEnv()
    expect(provider()).toEqual({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' })
    stub({
      AWS_SESSION_TOKEN: 'token',
      AWS_CREDENTIAL_EXPIRATION: '2030-01-01T00:00:00Z',
    })
    expect(provider()).toEqual({
      ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
      expiration: new Date('2030-01-01T00:00:00Z'),
    })
  })

  it('reads the bindings of a worker', () => {
    expect(fromEnv(environment)()).toEqual({
      ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    })
  })

  it('says which variables are missing, where there is no process too', async () => {
    for (const name of Object.keys(environment))
      await expectError(
        fromEnv({ ...environment, [name]: undefined }),
        'invalid-credentials',
        /AWS_/,
      )
    vi.stubGlobal('process', undefined)
    const provider = fromEnv()
    let error: unknown
    try {
      provider()
    } catch (thrown) {
      error = thrown
    }
    vi.unstubAllGlobals()
    expect(error).toMatchObject({ code: 'invalid-credentials' })
  })

  it('serves sign, a signer and countersign/sync', async () => {
    const options = { service: 's3', region: 'us-east-1', credentials: fromEnv(environment) }
    const signingDate = new Date()
    const request = { url: 'https://example.com/' }
    const { signature } = await sign(request, { ...options, signingDate })
    expect((await createSigner(options).sign(request, { signingDate })).signature).toBe(signature)
    expect(sync.sign(request, { ...options, signingDate }).signature).toBe(signature)
  })
})
