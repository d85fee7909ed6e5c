import { fromInstanceMetadata } from '@aws-sdk/credential-providers'
import { fromInstanceMetadata as keptInstance } from '@smithy/credential-provider-imds'
import { fromInstance } from 'countersign/node-credentials'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Endpoint,
  type Home,
  METADATA_TOKEN,
  makeHome,
  metadata,
  outcomeOf,
  refusalOf,
  session,
  startEndpoint,
  type Told,
} from './world.ts'

let home: Home
let service: Endpoint
beforeEach(async () => {
  home = makeHome()
  service = await startEndpoint(metadata('INSTANCE'))
  here()
})
afterEach(async () => {
  vi.restoreAllMocks()
  home.remove()
  await service.close()
})

/** The metadata service on the loopback; without IMDSv1, which countersign has not. */
const here = (more: Record<string, string> = {}) =>
  home.set({
    AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url,
    AWS_EC2_METADATA_V1_DISABLED: 'true',
    ...more,
  })

const quiet = { debug() {}, info() {}, error() {}, warn: vi.fn() }
const theirs = fromInstanceMetadata
const ours = () => fromInstance()()

const TOKEN = '/latest/api/token'
const ROLES = '/latest/meta-data/iam/security-credentials/'

describe('IMDSv2', () => {
  it('is walked through as the SDK does', async () => {
    const mine = await outcomeOf(ours)
    const asked = service.asked.splice(0)
    expect(mine).toEqual(await outcomeOf(theirs()))
    expect(asked).toEqual(service.asked)
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${TOKEN}`,
      `GET ${ROLES}`,
      `GET ${ROLES}reader`,
    ])
    expect(mine).toMatchObject({ accessKeyId: 'ASIAINSTANCE' })
  })

  it('tells whose account it is, where it is told', async () => {
    const answer = metadata('INSTANCE')
    service.answer = (asked) => {
      const told = answer(asked)
      return asked.path.endsWith('reader')
        ? { body: { ...(told?.body as object), AccountId: '123456789012' } }
        : told
    }
    const mine = await outcomeOf(ours)
    expect(mine).toEqual(await outcomeOf(theirs()))
    expect(mine).toMatchObject({ accountId: '123456789012' })
  })

  it.each<[string, string, Told | undefined]>([
    ['a token is refused', TOKEN, { status: 403 }],
    ['a token is not known of', TOKEN, { status: 404 }],
    ['the request for a token is wrong', TOKEN, { status: 400 }],
    ['the service fails', TOKEN, { status: 500 }],
    ['a token never comes, as behind too many hops', TOKEN, undefined],
    ['the token is not taken', ROLES, { status: 401 }],
    ['there is no role', ROLES, { status: 404 }],
    ['the list of roles never comes', ROLES, undefined],
    ['the role is gone', `${ROLES}reader`, { status: 404 }],
    ['the credentials never come', `${ROLES}reader`, undefined],
    ['the credentials are no JSON', `${ROLES}reader`, { body: '<html>' }],
    ['there is no secret', `${ROLES}reader`, { body: { ...session('A'), SecretAccessKey: null } }],
    [
      'EC2 cannot take on the role',
      `${ROLES}reader`,
      { body: { Code: 'AssumeRoleUnauthorizedAccess', Message: 'EC2 cannot assume the role' } },
    ],
    ['it leads elsewhere', TOKEN, { status: 307, headers: { location: ROLES } }],
  ])('has no credentials for either where %s', async (_, where, told) => {
    const answer = metadata('INSTANCE')
    service.answer = (asked) => (asked.path === where ? told : answer(asked))
    const [mine, other] = await Promise.all([refusalOf(ours), outcomeOf(theirs())])
    expect(other).toBe('refused')
    expect(mine.message).not.toContain(METADATA_TOKEN)
    expect(mine.message).toMatch(
      told?.status && told.status !== 404 ? new RegExp(`${told.status}`) : /\w+ \w+/,
    )
    // Without a token nothing is asked: there is no IMDSv1.
    const tokenless = service.asked.filter((it) => it.method === 'GET' && !it.token)
    expect(tokenless.filter((it) => it.path.startsWith(ROLES))).toEqual([])
  })

  it.each([
    [{ status: 403 }, 'invalid-credentials', /gives no token: 403, it is turned off/],
    [undefined, 'invalid-credentials', /within a second: .*hop limit/],
  ])('is told plainly of a token that is answered with %j', async (told, code, words) => {
    service.answer = () => told
    const error = await refusalOf(ours)
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(words)])
  })

  it("tells EC2's own words", async () => {
    const answer = metadata('INSTANCE')
    const body = { Code: 'AssumeRoleUnauthorizedAccess', Message: 'EC2 cannot assume the role' }
    service.answer = (asked) => (asked.path.endsWith('reader') ? { body } : answer(asked))
    const { service: said } = await refusalOf(ours)
    expect(said).toMatchObject({ code: body.Code, message: body.Message })
  })
})

describe('the environment', () => {
  it.each(['true', '1', 'TRUE'])('turns it off by AWS_EC2_METADATA_DISABLED=%s', async (word) => {
    here({ AWS_EC2_METADATA_DISABLED: word })
    expect((await refusalOf(ours)).message).toContain('AWS_EC2_METADATA_DISABLED')
    expect(service.asked).toEqual([])
  })

  it('leaves it on by false', async () => {
    here({ AWS_EC2_METADATA_DISABLED: 'false' })
    expect(await outcomeOf(ours)).toMatchObject({ accessKeyId: 'ASIAINSTANCE' })
  })

  it.each([
    [{}, 'http://169.254.169.254'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv4' }, 'http://169.254.169.254'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6' }, 'http://[fd00:ec2::254]'],
    [
      {
        AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://[::1]:1338/',
      },
      'http://[::1]:1338',
    ],
  ])('says where it is: %j', async (environment, origin) => {
    const asked: string[] = []
    const fetch = async (input: unknown) => {
      asked.push(`${input}`)
      return new Response(null, { status: 500 })
    }
    await outcomeOf(fromInstance({ environment, fetch: fetch as typeof globalThis.fetch }))
    expect(asked).toEqual([`${origin}${TOKEN}`])
  })

  it.each([
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv5' }, 'invalid-options'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'localhost:1338' }, 'invalid-url'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://' }, 'invalid-url'],
  ])('is refused where it says nothing: %j', async (environment, code) => {
    expect((await refusalOf(fromInstance({ environment }))).code).toBe(code)
  })
})

describe('a service that is down while the credentials end', () => {
  const warnings = () => {
    const told: unknown[][] = []
    vi.spyOn(process, 'emitWarning').mockImplementation((...words: unknown[]) => {
      told.push(words)
    })
    return told
  }
  const minutesFromNow = (date: unknown): number => (Number(date) - Date.now()) / 60_000
  const expirationOf = async (provider: () => unknown) =>
    ((await provider()) as { expiration: Date }).expiration

  it.each<[string, Told | undefined]>([
    ['fails', { status: 500 }],
    ['refuses', { status: 403 }],
    ['has no role', { status: 404 }],
    ['is silent', undefined],
  ])('that %s leaves the old in use for both, which is said', async (_, told) => {
    service.answer = metadata('INSTANCE', 120_000)
    const said = warnings()
    const [mine, other] = [fromInstance(), keptInstance({ logger: quiet })]
    for (const provider of [mine, other])
      expect(minutesFromNow(await expirationOf(provider))).toBeLessThan(2.1)
    expect(said).toEqual([])
    service.answer = () => told
    for (const provider of [mine, other]) {
      const minutes = minutesFromNow(await expirationOf(provider))
      expect(minutes).toBeGreaterThan(4.9)
      expect(minutes).toBeLessThan(10.1)
    }
    expect(said).toHaveLength(1)
    expect(quiet.warn).toHaveBeenCalled()
    expect(JSON.stringify(said)).toContain('COUNTERSIGN_OLD_CREDENTIALS')
    expect(JSON.stringify(said)).not.toMatch(/secret\/of|token\/\/of|AQAEA/)
  })

  it('that hands out what has ended lets both use it', async () => {
    service.answer = metadata('INSTANCE', -60_000)
    const said = warnings()
    for (const provider of [fromInstance(), keptInstance({ logger: quiet })])
      expect(minutesFromNow(await expirationOf(provider))).toBeGreaterThan(4.9)
    expect(said).toHaveLength(1)
  })

  it('is asked again, and its new credentials taken, when it is back', async () => {
    service.answer = metadata('OLD', 120_000)
    const said = warnings()
    const provider = fromInstance()
    await provider()
    service.answer = () => ({ status: 500 })
    await provider()
    service.answer = metadata('NEW')
    expect(await provider('fresh')).toMatchObject({ accessKeyId: 'ASIANEW' })
    expect(said).toHaveLength(1)
  })

  it('ends no credentials sooner than they end by themselves', async () => {
    service.answer = metadata('INSTANCE')
    warnings()
    const provider = fromInstance()
    const first = await expirationOf(provider)
    service.answer = () => ({ status: 500 })
    expect(Number(((await provider('fresh')) as { expiration: Date }).expiration)).toBe(
      Number(first),
    )
  })
})
