import { createServer } from 'node:http'
import { inspect } from 'node:util'
import { type CountersignError, createSigner } from 'countersign'
import {
  type AssumeRoleOptions,
  assumeRole,
  assumeRoleWithWebIdentity,
  getSessionToken,
  refreshing,
} from 'countersign/credentials'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { errorOf, expectError } from '../behaviours/common.ts'
import { listen } from '../support/loopback.ts'
import {
  ID_TOKEN,
  LONG_TERM,
  MFA,
  MFA_CODE,
  type Reply,
  type Services,
  startServices,
  stsError,
} from './services.ts'

let services: Services
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())

const roleArn = 'arn:aws:iam::123456789012:role/reader'
const asked = (more: Partial<AssumeRoleOptions> = {}): AssumeRoleOptions => ({
  ...{ endpoint: services.url, region: 'eu-west-1', credentials: LONG_TERM, roleArn },
  ...more,
})
const web = (webIdentityToken: string | (() => Promise<string>) = ID_TOKEN) =>
  assumeRoleWithWebIdentity({
    ...{ endpoint: services.url, region: 'eu-west-1', roleArn, webIdentityToken },
  })

const reply = (status: number, body: string): Reply => ({ status, body })

describe('a role', () => {
  it('gives credentials that sign, and names the session', async () => {
    const credentials = await assumeRole(asked())()
    expect(services.calls.at(-1)).toMatchObject({
      input: { RoleArn: roleArn, RoleSessionName: 'countersign' },
      signedBy: { accessKeyId: LONG_TERM.accessKeyId, service: 'sts', region: 'eu-west-1' },
    })
    expect(Object.keys(credentials)).toEqual([
      ...['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration'],
    ])
    const again = assumeRole(asked({ credentials }))
    await again()
    expect(services.calls.at(-1)?.signedBy?.accessKeyId).toBe(credentials.accessKeyId)
  })

  it('is asked for each time, and once where it is remembered', async () => {
    const provider = assumeRole(asked())
    const before = services.calls.length
    await provider()
    await provider()
    expect(services.calls.length - before).toBe(2)
    const remembered = refreshing(provider)
    await Promise.all([remembered(), remembered(), remembered()])
    await remembered()
    expect(services.calls.length - before).toBe(3)
    const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: provider })
    await Promise.all([1, 2, 3].map((n) => aws.sign({ url: `https://example.com/${n}` })))
    expect(services.calls.length - before).toBe(4)
  })

  it('asks the caller for the code of the MFA device, each time that STS is asked', async () => {
    const tokenCode = vi.fn(async (_: string) => MFA_CODE)
    const provider = assumeRole(asked({ serialNumber: MFA, tokenCode }))
    await provider()
    await provider()
    expect(tokenCode.mock.calls).toEqual([[MFA], [MFA]])
    expect(services.calls.at(-1)?.input).toMatchObject({
      ...{ SerialNumber: MFA, TokenCode: MFA_CODE },
    })
    const wrong = getSessionToken(asked({ serialNumber: MFA, tokenCode: () => '000000' }))
    await expectError(wrong, 'credentials-refused', /MultiFactorAuthentication failed/)
  })

  it('passes on what the caller says when asked for a code', async () => {
    const tokenCode = () => Promise.reject(new Error('cancelled'))
    const before = services.calls.length
    await expect(assumeRole(asked({ serialNumber: MFA, tokenCode }))()).rejects.toThrow('cancelled')
    await expectError(assumeRole(asked({ serialNumber: MFA })), 'invalid-options', /tokenCode/)
    expect(services.calls).toHaveLength(before)
  })

  it('asks a provider again when its own token has expired', async () => {
    const provider = assumeRole(asked())
    const [first, second] = [await provider(), await provider()]
    const credentials = vi.fn(async () => second).mockResolvedValueOnce(first)
    const before = services.calls.length
    services.replies.push(() => stsError(403, 'ExpiredToken', 'The security token is expired'))
    await assumeRole(asked({ credentials }))()
    const signers = services.calls.slice(before).map(({ signedBy }) => signedBy?.accessKeyId)
    expect(signers).toEqual([first.accessKeyId, second.accessKeyId])
  })

  it('24. mends a clock that is off, as its answer says', async () => {
    const ahead = 3 * 3_600_000
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const real = Date.now()
    const server = await startServices()
    try {
      vi.setSystemTime(real - ahead)
      let calls = 0
      const fetch: typeof globalThis.fetch = async (url, init) => {
        calls++
        // Only the client's clock is off.
        const local = Date.now()
        vi.setSystemTime(real)
        const response = await globalThis.fetch(url, init)
        vi.setSystemTime(local)
        return response
      }
      const options = { ...asked(), endpoint: server.url, fetch }
      await expect(assumeRole(options)()).resolves.toMatchObject({
        accessKeyId: expect.stringMatching(/^ASIA/),
      })
      expect(calls).toBe(2)
    } finally {
      vi.useRealTimers()
      await server.close()
    }
  })

  it('is asked for again after 500, as the SDKs do, but not without end', async () => {
    for (const failures of [1, 2]) {
      for (let n = 0; n < failures; n++) services.replies.push(() => reply(500, 'oops'))
      await expect(assumeRole(asked())()).resolves.toBeDefined()
    }
    const before = services.calls.length
    for (let n = 0; n < 3; n++)
      services.replies.push(() => stsError(503, 'ServiceUnavailable', 'later'))
    const { service } = await errorOf(assumeRole(asked()))
    expect(service).toEqual({ status: 503, code: 'ServiceUnavailable', message: 'later' })
    expect(services.calls.length - before).toBe(3)
  })
})

describe('a web identity', () => {
  it('is sent unsigned, and its token got anew each time', async () => {
    const token = vi.fn(async () => ID_TOKEN)
    const provider = web(token)
    await provider()
    await provider()
    expect(token).toHaveBeenCalledTimes(2)
    expect(services.calls.at(-1)).toMatchObject({ signedBy: undefined })
  })

  it('is refused with the words of STS', async () => {
    const error = await errorOf(web('another'))
    expect(error).toMatchObject({
      name: 'CountersignError',
      code: 'credentials-refused',
      service: { status: 400, code: 'InvalidIdentityToken' },
    })
    expect(error.message).toMatch(/400 InvalidIdentityToken No OpenIDConnect provider found/)
  })
})

describe('what STS answers', () => {
  it.each([
    [403, 'AccessDenied', `User: a is not authorized to perform: sts:AssumeRole on "b" & 'c' <d>`],
    [400, 'MalformedPolicyDocument', 'Syntax errors in policy.'],
    [400, 'PackedPolicyTooLarge', 'Packed size of session tags consumes 192% of allotted space.'],
    [403, 'RegionDisabledException', 'STS is not activated in this region'],
    [400, 'ValidationError', "1 validation error detected: Value 'x' at 'roleArn' failed"],
    [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
  ])('%d %s is a typed error', async (status, code, message) => {
    services.replies.push(() => stsError(status, code, message))
    const error: CountersignError = await errorOf(assumeRole(asked()))
    expect(error.code).toBe('credentials-refused')
    expect(error.service).toEqual({ status, code, message })
    expect(error.message).toContain(`${status} ${code} ${message}`)
  })

  it('a wrong secret is refused in the words of STS', async () => {
    const credentials = { ...LONG_TERM, secretAccessKey: 'wrong' }
    const { code, service } = await errorOf(assumeRole(asked({ credentials })))
    expect([code, service?.code]).toEqual(['credentials-refused', 'SignatureDoesNotMatch'])
    expect(service?.message).toMatch(/^The request signature we calculated [^\n]+$/)
  })

  it.each<[string, Reply, string]>([
    ['a page of something in between', reply(502, '<html>Bad <b>gateway</b></html>'), ''],
    ['an empty 403', reply(403, ''), ''],
    ['JSON', reply(400, '{"Error":{"Code":"X"}}'), ''],
  ])('%s is a refusal too', async (_, answer, message) => {
    for (let n = 0; n < 3; n++) services.replies.push(() => answer)
    const { code, service } = await errorOf(assumeRole(asked()))
    services.replies.length = 0
    expect([code, service]).toEqual([
      'credentials-refused',
      { status: answer.status, code: undefined, message },
    ])
  })

  const session = (change: (xml: string) => string) =>
    services.replies.push(() => ({
      status: 200,
      body: change(
        '<A><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></A>',
      ),
    }))

  it('200 without all of the credentials is an error, never half of them', async () => {
    session((xml) => xml)
    await expect(web()()).resolves.toEqual({
      ...{ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
      expiration: new Date('2030-01-01T00:00:00Z'),
    })
    for (const name of ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])
      for (const change of [
        (xml: string) => xml.replaceAll(name, 'Other'),
        (xml: string) => xml.replace(new RegExp(`<${name}>[^<]*`), `<${name}>`),
      ]) {
        session(change)
        await expectError(web(), 'invalid-credentials', /endpoint/)
      }
    for (const text of ['', '<html>', '{}', 'null']) {
      services.replies.push(() => reply(200, text))
      await expectError(web(), 'invalid-credentials', /endpoint/)
    }
  })

  it('a redirect is a refusal: the token does not go elsewhere', async () => {
    let led = 0
    const elsewhere = createServer((_, response) => {
      led++
      response.end()
    })
    const location = `http://127.0.0.1:${await listen(elsewhere)}/`
    for (const provider of [web(), assumeRole(asked())]) {
      services.replies.push(() => ({ status: 307, body: '', headers: { location } }))
      expect((await errorOf(provider)).service).toMatchObject({ status: 307 })
    }
    expect(led).toBe(0)
    elsewhere.close()
  })

  it('what fetch throws is passed on', async () => {
    const fetch = async () => Promise.reject(new TypeError('no network'))
    await expect(assumeRole(asked({ fetch }))()).rejects.toThrow('no network')
  })

  it.each([undefined, null, '', 'evil.example/#', 'eu-west-1.evil', 'EU'])(
    'region %j makes no endpoint',
    async (region) => {
      const fetch = vi.fn(async () => new Response())
      const options = { roleArn, webIdentityToken: ID_TOKEN, region: region as string, fetch }
      await expectError(assumeRoleWithWebIdentity(options), 'invalid-scope', /region/)
      expect(fetch).not.toHaveBeenCalled()
    },
  )
})

describe('secrets', () => {
  const SESSION = 'FwoRECOGNISABLE//token+IQ=='
  const textsOf = (error: CountersignError) =>
    [
      String(error),
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
    ].join()

  it('32. no token, code or secret in an error, though STS says it again', async () => {
    const echo = (value: string) => `Value '${value}' at 'x' failed to satisfy constraint`
    services.replies.push(({ input }) =>
      stsError(400, 'ValidationError', echo(`${input.WebIdentityToken}`)),
    )
    const ofToken = await errorOf(web('TOO.LONG.A-TOKEN'))
    services.replies.push(({ input }) =>
      stsError(400, 'ValidationError', echo(`${input.TokenCode}`)),
    )
    const tokenCode = () => '987654'
    const ofCode = await errorOf(getSessionToken(asked({ serialNumber: MFA, tokenCode })))
    services.replies.push(() =>
      stsError(
        403,
        'SignatureDoesNotMatch',
        `The signature is another.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:${SESSION}'`,
      ),
    )
    const ofSession = await errorOf(assumeRole(asked()))
    for (const error of [ofToken, ofCode, ofSession]) {
      expect(error.service?.status).toBeGreaterThan(0)
      for (const secret of ['TOO.LONG.A-TOKEN', '987654', SESSION, LONG_TERM.secretAccessKey])
        expect(textsOf(error)).not.toContain(secret)
    }
    expect(ofToken.service?.message).toBe(echo('…'))
  })

  it('32. nor in a provider', async () => {
    for (const provider of [web(), assumeRole(asked()), refreshing(assumeRole(asked()))]) {
      const { secretAccessKey, sessionToken } = (await provider()) as {
        secretAccessKey: string
        sessionToken: string
      }
      const text =
        inspect([provider, { provider }], { depth: 9, showHidden: true }) +
        JSON.stringify({ provider })
      for (const secret of [secretAccessKey, sessionToken, ID_TOKEN, LONG_TERM.secretAccessKey])
        expect(text).not.toContain(secret)
    }
  })
})
