import { inspect } from 'node:util'
import { createSigner, sign } from 'countersign'
import { cognitoIdentity, importCredentials } from 'countersign/credentials'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { errorOf, expectError } from '../behaviours/common.ts'
import { cognitoError, ID_TOKEN, LOGIN, POOL, type Services, startServices } from './services.ts'

let services: Services
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())

const pool = () => ({ endpoint: services.url, identityPoolId: POOL })

const targetsSince = (before: number) =>
  services.calls.slice(before).map(({ target }) => target?.split('.')[1])

describe('an identity pool', () => {
  it('gives a guest credentials that sign, without a signature of its own', async () => {
    const credentials = await cognitoIdentity(pool())()
    expect(credentials.identityId).toBe('eu-west-1:guest')
    expect(services.calls.slice(-2).map(({ signedBy }) => signedBy)).toEqual([undefined, undefined])
    expect(services.calls.at(-1)?.input).toEqual({ IdentityId: 'eu-west-1:guest' })
    const signed = await sign(
      {
        ...{ method: 'POST', url: services.url, body: 'Action=GetCallerIdentity' },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { service: 'sts', region: 'eu-west-1', credentials },
    )
    expect((await fetch(signed.url, signed)).status).toBe(200)
  })

  it('is asked who one is once, though many ask at once and come back', async () => {
    const before = services.calls.length
    const provider = cognitoIdentity(pool())
    await Promise.all([provider(), provider(), provider()])
    await provider()
    const targets = targetsSince(before)
    expect(targets.filter((target) => target === 'GetId')).toHaveLength(1)
    expect(targets).toHaveLength(5)
  })

  it('a guest who is known stays the same guest', async () => {
    const before = services.calls.length
    const { identityId } = await cognitoIdentity({
      ...pool(),
      identityId: 'eu-west-1:known',
    })()
    expect(identityId).toBe('eu-west-1:known')
    expect(targetsSince(before)).toEqual(['GetCredentialsForIdentity'])
  })

  it('gets the tokens of someone signed in anew each time', async () => {
    const login = vi.fn(async () => ID_TOKEN)
    const provider = cognitoIdentity({ ...pool(), logins: { [LOGIN]: login } })
    const { identityId } = await provider()
    expect(identityId).toBe('eu-west-1:alice')
    await provider()
    expect(login).toHaveBeenCalledTimes(2)
    expect(services.calls.at(-1)?.input.Logins).toEqual({ [LOGIN]: ID_TOKEN })
  })

  it('forgets an identity that is refused, and finds one at the next call', async () => {
    const provider = cognitoIdentity(pool())
    await provider()
    services.replies.push(() => cognitoError(400, 'ResourceNotFoundException', 'Identity is gone'))
    expect((await errorOf(provider)).service?.code).toBe('ResourceNotFoundException')
    const before = services.calls.length
    await provider()
    expect(targetsSince(before)).toEqual(['GetId', 'GetCredentialsForIdentity'])
  })

  it('serves a signer, and keys that no script can read', async () => {
    const before = services.calls.length
    const scope = { service: 's3', region: 'eu-west-1' }
    const provider = cognitoIdentity(pool())
    const aws = createSigner({
      ...scope,
      credentials: async () => importCredentials(await provider(), scope),
    })
    await Promise.all([1, 2, 3].map((n) => aws.sign({ url: `https://example.com/${n}` })))
    await aws.sign({ url: 'https://example.com/' })
    expect(targetsSince(before)).toEqual(['GetId', 'GetCredentialsForIdentity'])
  })

  it('tells its region by its id, unless there is another', async () => {
    const urls: string[] = []
    const fetch = async (url: unknown) => {
      urls.push(String(url))
      return new Response('{}', { status: 400 })
    }
    await errorOf(cognitoIdentity({ identityPoolId: 'ap-south-1:a', fetch }))
    await errorOf(cognitoIdentity({ identityId: 'us-west-2:a', fetch }))
    await errorOf(cognitoIdentity({ identityPoolId: 'ap-south-1:a', region: 'eu-west-3', fetch }))
    expect(urls).toEqual(
      ['ap-south-1', 'us-west-2', 'eu-west-3'].map(
        (region) => `https://cognito-identity.${region}.amazonaws.com/`,
      ),
    )
    for (const options of [{}, { identityPoolId: 'evil.example/#:a' }])
      await expectError(cognitoIdentity({ ...options, fetch }), 'invalid-scope', /region/)
    expect(urls).toHaveLength(3)
  })
})

describe('what Cognito answers', () => {
  it.each([
    [400, 'NotAuthorizedException', 'Unauthenticated access is not supported for this pool.'],
    [400, 'TooManyRequestsException', 'Rate exceeded'],
    [500, 'InternalErrorException', 'Internal error'],
  ])('%d %s is a typed error', async (status, code, message) => {
    for (const spelling of [code, `com.amazonaws.cognito.identity.model#${code}`]) {
      services.replies.push(() => cognitoError(status, spelling, message))
      const error = await errorOf(cognitoIdentity(pool()))
      expect(error).toMatchObject({ name: 'CountersignError', code: 'credentials-refused' })
      expect(error.service).toEqual({ status, code, message })
      expect(error.message).toContain(`${status} ${code} ${message}`)
    }
  })

  it('what is not its JSON is a refusal or an error, never credentials', async () => {
    for (const body of ['', '<html>', 'null', '[]', '""', '{"message":7,"__type":7}']) {
      services.replies.push(() => ({ status: 502, body }))
      expect((await errorOf(cognitoIdentity(pool()))).service).toMatchObject({ status: 502 })
      services.replies.push(
        () => ({ status: 200, body: '{"IdentityId":"a"}' }),
        () => ({ status: 200, body }),
      )
      await expectError(cognitoIdentity(pool()), 'invalid-credentials', /endpoint/)
    }
  })

  it('32. shows no token, though Cognito says it again', async () => {
    const token = 'eyJ.RECOGNISABLE.x'
    const provider = cognitoIdentity({ ...pool(), logins: { [LOGIN]: token } })
    services.replies.push(() =>
      cognitoError(400, 'ValidationException', `Value '{a=${token}}' at 'logins' failed`),
    )
    const error = await errorOf(provider)
    expect(error.service?.message).toBe("Value '{a=…}' at 'logins' failed")
    for (const text of [String(error), error.stack, JSON.stringify(error), inspect(error)])
      expect(text).not.toContain('RECOGNISABLE')
    expect(inspect(provider, { showHidden: true, depth: 9 })).not.toContain('RECOGNISABLE')
  })
})
