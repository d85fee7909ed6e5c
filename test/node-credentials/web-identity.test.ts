import { writeFileSync } from 'node:fs'
import { fromTokenFile } from '@aws-sdk/credential-providers'
import { fromWebIdentity } from 'countersign/node-credentials'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ID_TOKEN, ROLE, type Services, startServices, wireOf } from './sts-world.ts'
import { type Home, makeHome, outcomeOf, refusalOf } from './world.ts'

let services: Services
let home: Home
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

const ours = () => fromWebIdentity()()
const theirs = () => fromTokenFile()()

/** The variables that EKS sets. */
const set = (more: Record<string, string | undefined> = {}) =>
  home.set({
    AWS_WEB_IDENTITY_TOKEN_FILE: home.write('token', ID_TOKEN),
    AWS_ROLE_ARN: ROLE,
    AWS_ENDPOINT_URL_STS: services.url,
    AWS_REGION: 'eu-west-1',
    ...more,
  })

describe('a web identity', () => {
  it.each([
    ['', {}],
    ['with a name of the session', { AWS_ROLE_SESSION_NAME: 'pod@cluster' }],
    [
      'with an endpoint for every service',
      { AWS_ENDPOINT_URL_STS: undefined, AWS_ENDPOINT_URL: '' },
    ],
  ])('is on the wire as the SDK %s', async (_, more: Record<string, string | undefined>) => {
    const endpoint = 'AWS_ENDPOINT_URL' in more ? { AWS_ENDPOINT_URL: services.url } : {}
    set({ ...more, ...endpoint })
    const mine = await wireOf(services, ours)
    expect(mine).toEqual(await wireOf(services, theirs))
    expect(mine).toMatchObject({
      outcome: { session: true, accountId: '123456789012' },
      asked: [{ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: ID_TOKEN }],
    })
  })

  it.each([
    ['nothing is set', { AWS_WEB_IDENTITY_TOKEN_FILE: undefined, AWS_ROLE_ARN: undefined }],
    ['no file is named', { AWS_WEB_IDENTITY_TOKEN_FILE: undefined }],
    ['no role is named', { AWS_ROLE_ARN: undefined }],
    ['the file is not there', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere' }],
  ])('is refused by both where %s', async (_, more) => {
    set(more)
    expect(await outcomeOf(theirs)).toBe('refused')
    const error = await refusalOf(ours)
    expect([error.code, error.message]).toEqual([
      'invalid-credentials',
      expect.stringContaining('AWS_WEB_IDENTITY_TOKEN_FILE'),
    ])
    expect(error.message).not.toContain('/nowhere')
  })

  it("is refused with STS's own words, without the token", async () => {
    const stranger = 'eyJhbGciOiJSUzI1NiJ9.c3RyYW5nZXI.c2ln'
    set({ AWS_WEB_IDENTITY_TOKEN_FILE: home.write('stranger', stranger) })
    expect(await outcomeOf(theirs)).toBe('refused')
    const error = await refusalOf(ours)
    expect([error.code, error.service?.code]).toEqual([
      'credentials-refused',
      'InvalidIdentityToken',
    ])
    expect(error.message).not.toContain(stranger)
  })

  it('is read of the file each time', async () => {
    set()
    const provider = fromWebIdentity()
    const first = await provider()
    expect(await provider()).toBe(first)
    writeFileSync(`${process.env.AWS_WEB_IDENTITY_TOKEN_FILE}`, 'another')
    // What is held is good while it lives, though STS takes the new token no longer.
    expect(await provider('fresh')).toBe(first)
    expect(services.calls.at(-1)?.input.WebIdentityToken).toBe('another')
  })

  it.each([
    [{ region: 'eu-north-1' }, { AWS_REGION: 'eu-west-1' }, 'eu-north-1'],
    [{}, { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
    [{}, { AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
    [{}, {}, 'us-east-1'],
  ])('asks STS of its region: %j %j', async (options, environment, region) => {
    const asked: string[] = []
    const fetch = async (input: unknown) => {
      asked.push(`${input}`)
      return new Response(null, { status: 500 })
    }
    await outcomeOf(
      fromWebIdentity({
        ...options,
        fetch: fetch as typeof globalThis.fetch,
        environment: {
          AWS_WEB_IDENTITY_TOKEN_FILE: home.write('token', ID_TOKEN),
          AWS_ROLE_ARN: ROLE,
          ...environment,
        },
      }),
    )
    expect(asked).toEqual([`https://sts.${region}.amazonaws.com/`])
  })
})
