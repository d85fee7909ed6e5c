import { writeFileSync } from 'node:fs'
import { fromHttp as checkedHttp } from '@aws-sdk/credential-provider-http'
import { fromHttp } from '@aws-sdk/credential-providers'
import { fromContainer } from 'countersign/node-credentials'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Endpoint,
  type Home,
  makeHome,
  outcomeOf,
  refusalOf,
  session,
  startEndpoint,
  type Told,
} from './world.ts'

let home: Home
let agent: Endpoint
const given = session('CONTAINER')
beforeEach(async () => {
  home = makeHome()
  agent = await startEndpoint(() => ({ body: given }))
})
afterEach(async () => {
  home.remove()
  await agent.close()
})

const quiet = { debug() {}, info() {}, error() {}, warn() {} }
const theirs = () => fromHttp({ maxRetries: 0, logger: quiet })()
const ours = () => fromContainer()()

/** What is asked by each, and what comes of it. */
async function both() {
  const mine = await outcomeOf(ours)
  const first = agent.asked.splice(0)
  const other = await outcomeOf(theirs)
  return {
    ours: { outcome: mine, asked: first },
    theirs: { outcome: other, asked: agent.asked.splice(0) },
  }
}

const FULL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI'
const RELATIVE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
const TOKEN = 'AWS_CONTAINER_AUTHORIZATION_TOKEN'

describe('asks as the SDK does', () => {
  it.each([
    ['without a token', {}],
    ['with a token', { [TOKEN]: 'Basic abc' }],
    ['with the token of a file', { [`${TOKEN}_FILE`]: 'file' }],
    ['with the file before the variable', { [`${TOKEN}_FILE`]: 'file', [TOKEN]: 'other' }],
  ])('%s', async (_, variables: Record<string, string>) => {
    const file = home.write('token', 'Bearer of-the-file')
    const named = variables[`${TOKEN}_FILE`] ? { [`${TOKEN}_FILE`]: file } : {}
    home.set({ [FULL]: `${agent.url}/v1/credentials?a=b`, ...variables, ...named })
    const { ours, theirs } = await both()
    expect(ours).toEqual(theirs)
    expect(ours.outcome).toMatchObject({ accessKeyId: 'ASIACONTAINER' })
    expect(ours.asked).toHaveLength(1)
  })

  it('reads the file of the token each time', async () => {
    const file = home.write('token', 'Bearer one')
    home.set({ [FULL]: agent.url, [`${TOKEN}_FILE`]: file })
    const provider = fromContainer()
    await provider()
    writeFileSync(file, 'Bearer two')
    await provider()
    await provider('fresh')
    expect(agent.asked.map((it) => it.authorization)).toEqual(['Bearer one', 'Bearer two'])
  })
})

describe('answers that neither takes', () => {
  const { AccessKeyId, ...keyless } = given
  it.each<[string, Told]>([
    ['an error', { status: 403, body: { Code: 'AccessDenied', Message: 'not you' } }],
    ['no JSON', { body: 'nothing' }],
    ['null', { body: 'null' }],
    ['no key', { body: keyless }],
    ['a number for a secret', { body: { ...given, SecretAccessKey: 5 } }],
    ['no token', { body: { ...given, Token: undefined } }],
    ['no end', { body: { ...given, Expiration: undefined } }],
    ['an end that is no date', { body: { ...given, Expiration: 'soon' } }],
    ['a redirect', { status: 302, headers: { location: '/' } }],
  ])('%s', async (_, told) => {
    agent.answer = ({ path }) => (path === '/' ? { body: given } : told)
    home.set({ [FULL]: `${agent.url}/v1` })
    const { ours, theirs } = await both()
    expect(ours).toEqual(theirs)
    expect(ours.outcome).toBe('refused')
  })

  it("tells the agent's own words, without the token that was sent", async () => {
    home.set({ [FULL]: agent.url, [TOKEN]: 'Bearer confidential' })
    agent.answer = () => ({ status: 400, body: { code: 'Bad', message: 'no Bearer confidential' } })
    const error = await refusalOf(ours)
    expect(error.code).toBe('credentials-refused')
    expect(error.service).toEqual({ status: 400, code: 'Bad', message: 'no …' })
  })

  it('asks a busy agent again, and one that answers nothing', async () => {
    const answers: Told[] = [{ status: 500 }, { status: 429 }]
    agent.answer = () => answers.shift() ?? { body: given }
    home.set({ [FULL]: agent.url })
    expect(await outcomeOf(ours)).toMatchObject({ accessKeyId: 'ASIACONTAINER' })
    expect(agent.asked).toHaveLength(3)
    home.set({ [FULL]: 'http://127.0.0.1:1/' })
    const fetches: unknown[] = []
    const fetch = async (url: unknown) => {
      fetches.push(url)
      throw new TypeError('fetch failed')
    }
    const error = await refusalOf(fromContainer({ fetch: fetch as typeof globalThis.fetch }))
    expect([error.code, fetches.length]).toEqual(['invalid-credentials', 4])
  })
})

describe('where a token may be sent', () => {
  /** Whether each would ask an address, which nobody asks here. */
  async function asks(url: string, name = FULL) {
    home.set({ [name]: url })
    const asked: string[] = []
    const fetch = async (input: unknown) => {
      asked.push(`${input}`)
      return Response.json(given)
    }
    await outcomeOf(fromContainer({ fetch: fetch as typeof globalThis.fetch }))
    const sdk = await outcomeOf(() => checkedHttp() && {})
    return { asked, sdk: sdk !== 'refused' }
  }

  it.each([
    'https://example.com/a',
    'http://localhost:51679/a',
    'http://127.0.0.1/a',
    'http://127.255.0.9/a',
    'http://[::1]:80/a',
    'http://169.254.170.2/a',
    'http://169.254.170.23/v1/credentials',
    'http://[fd00:ec2::23]/v1/credentials',
  ])('both ask %s', async (url) => {
    expect(await asks(url)).toEqual({ asked: [new URL(url).href], sdk: true })
  })

  it.each([
    'http://example.com/',
    'http://10.0.0.1/',
    'http://128.0.0.1/',
    'http://169.254.170.4/',
    'http://169.254.169.254/',
    'http://169.254.170.2.example.com/',
    'http://169.254.170.2@example.com/',
    'http://localhost.example.com/',
    'http://127.example.com/',
    'http://127.0.0.1.example.com/',
    'http://[::2]/',
    'http://[fd00:ec2::24]/',
    'http://[::ffff:10.0.0.1]/',
    'no url',
  ])('neither asks %s', async (url) => {
    expect(await asks(url)).toEqual({ asked: [], sdk: false })
    const error = await refusalOf(ours)
    expect([error.code, error.message.includes(url)]).toEqual(['invalid-url', false])
  })

  it.each(['ftp://127.0.0.1/', 'http://user:password@127.0.0.1/'])(
    'asks %s nothing, as there is nothing to ask it by',
    async (url) => {
      expect((await asks(url)).asked).toEqual([])
      expect((await refusalOf(ours)).code).toBe('invalid-url')
    },
  )

  it('asks the agent of ECS for a relative one, before a full one', async () => {
    expect((await asks('/v2/credentials/1?a=b', RELATIVE)).asked).toEqual([
      'http://169.254.170.2/v2/credentials/1?a=b',
    ])
    process.env[FULL] = agent.url
    const asked: string[] = []
    const fetch = async (input: unknown) => {
      asked.push(`${input}`)
      return Response.json(given)
    }
    await fromContainer({ fetch: fetch as typeof globalThis.fetch })()
    expect(asked).toEqual(['http://169.254.170.2/v2/credentials/1?a=b'])
  })

  it.each(['@example.com/', '.example.com/', ':80@example.com/', '23/', 'credentials'])(
    'lets no relative one (%s) lead elsewhere',
    async (relative) => {
      expect((await asks(relative, RELATIVE)).asked).toEqual([])
      expect((await refusalOf(ours)).code).toBe('invalid-url')
    },
  )

  it("follows no redirect: nobody else is sent a container's token", async () => {
    const other = await startEndpoint(() => ({ body: given }))
    agent.answer = () => ({ status: 307, headers: { location: other.url } })
    home.set({ [FULL]: agent.url, [TOKEN]: 'Bearer confidential' })
    expect((await refusalOf(ours)).service?.status).toBe(307)
    expect(other.asked).toEqual([])
    await other.close()
  })
})

describe('a token that cannot be sent', () => {
  it.each(['a\r\nb', 'a\nb', 'a\rb', 'a\n', '', 'ä'])('%j in a file', async (text) => {
    const file = home.write('token', text)
    home.set({ [FULL]: agent.url, [`${TOKEN}_FILE`]: file })
    const error = await outcomeOf(ours)
    if (text) {
      expect(error).toBe('refused')
      expect((await refusalOf(ours)).code).toBe('invalid-header')
      expect(agent.asked).toEqual([])
    } else expect(agent.asked.map((it) => it.authorization)).toEqual([undefined])
  })

  it('is told by the name of its variable, where the file cannot be read', async () => {
    home.set({ [FULL]: agent.url, [`${TOKEN}_FILE`]: '/nowhere/token' })
    expect(await outcomeOf(theirs)).toBe('refused')
    const error = await refusalOf(ours)
    expect(error.message).toContain(`${TOKEN}_FILE`)
    expect(error.message).not.toContain('/nowhere')
  })

  it('is not missed where there is no container', async () => {
    home.set({})
    expect(await outcomeOf(theirs)).toBe('refused')
    expect((await refusalOf(ours)).message).toContain(RELATIVE)
  })
})
