import { inspect } from 'node:util'
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { type HttpRequest, HttpResponse } from '@smithy/protocol-http'
import { fromNode } from 'countersign/node-credentials'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ID_TOKEN, LONG_TERM, ROLE, type Services, startServices } from './sts-world.ts'
import {
  type Endpoint,
  type Home,
  makeHome,
  metadata,
  outcomeOf,
  refusalOf,
  session,
  startEndpoint,
} from './world.ts'

let services: Services
let agent: Endpoint
let instance: Endpoint
let home: Home
beforeAll(async () => {
  services = await startServices()
  agent = await startEndpoint(() => ({ body: session('CONTAINER') }))
  instance = await startEndpoint(metadata('INSTANCE'))
})
afterAll(() => Promise.all([services.close(), agent.close(), instance.close()]))
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

const keysOf = (id: string) => [
  `aws_access_key_id = ${id}`,
  `aws_secret_access_key = ${LONG_TERM.secretAccessKey}`,
]

/** What may be set up on a machine, each by itself. */
const SETUPS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  environment: () => ({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' }),
  'a named profile': () => {
    home.write('config', '[profile named]', ...keysOf('AKIDNAMED'))
    return { AWS_PROFILE: 'named' }
  },
  'a profile that is not there': () => ({ AWS_PROFILE: 'nowhere' }),
  'the default profile': () => {
    home.write('credentials', '[default]', ...keysOf('AKIDDEFAULT'))
    return {}
  },
  'web identity': () => ({
    AWS_WEB_IDENTITY_TOKEN_FILE: home.write('token', ID_TOKEN),
    AWS_ROLE_ARN: ROLE,
  }),
  container: () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: agent.url }),
  instance: () => ({
    AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.url,
    AWS_EC2_METADATA_DISABLED: '',
  }),
}
const names = Object.keys(SETUPS)

/** What is left alone where a profile is named. */
const UNNAMED = ['environment', 'the default profile']

/** Every choice of what is set up together. */
const subsets = Array.from({ length: 2 ** names.length }, (_, bits) =>
  names.filter((_, at) => bits & (1 << at)),
).filter(
  (chosen) =>
    !(chosen.includes('a named profile') && chosen.includes('a profile that is not there')),
)

const quiet = { debug() {}, info() {}, error() {}, warn() {} }

/** Whose credentials were found; each session of STS is another. */
const whose = async (ask: () => unknown): Promise<unknown> => {
  const found = (await outcomeOf(ask)) as { accessKeyId?: string }
  return found.accessKeyId?.replace(/^ASIASESSION\d+/, 'a session of STS') ?? found
}

const setUp = (chosen: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  home.set({
    AWS_ENDPOINT_URL_STS: services.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
    ...Object.assign({}, ...chosen.map((name) => SETUPS[name]?.())),
    ...more,
  })

describe('the chain', () => {
  it.each(subsets.map((chosen) => [chosen.join(', ') || 'nothing', chosen] as const))(
    'finds what the SDK finds of %s',
    async (_, chosen) => {
      setUp(chosen)
      const mine = await whose(fromNode())
      expect(mine).toBe(await whose(fromNodeProviderChain({ logger: quiet, maxRetries: 0 })))
      const isNamed = chosen.some((name) => /a named|not there/.test(name))
      const usable = chosen.filter(
        (name) => name !== 'a profile that is not there' && !(isNamed && UNNAMED.includes(name)),
      )
      expect(mine === 'refused').toBe(usable.length === 0)
    },
  )

  it('takes a profile that is named in a call before the environment, as the SDK', async () => {
    setUp(['environment', 'a named profile'], { AWS_PROFILE: '' })
    expect(await whose(fromNode({ profile: 'named' }))).toBe('AKIDNAMED')
    expect(await whose(fromNodeProviderChain({ profile: 'named', logger: quiet }))).toBe(
      'AKIDNAMED',
    )
  })

  it('tells what each answered, where none has any', async () => {
    setUp([])
    const { code, message } = await refusalOf(fromNode())
    expect(code).toBe('invalid-credentials')
    expect(message.split('; ')).toEqual([
      'invalid-credentials: none are set up here: environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set',
      'profile: no file has a profile default',
      'web identity: AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set',
      'container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor _FULL_URI is set',
      'instance: AWS_EC2_METADATA_DISABLED says not to ask.',
    ])
  })

  it('asks anew from its start when what it holds ends', async () => {
    setUp(['instance'])
    const provider = fromNode()
    expect(await provider()).toMatchObject({ accessKeyId: 'ASIAINSTANCE' })
    expect(await provider()).toBe(await provider())
    Object.assign(process.env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: agent.url })
    expect(await provider()).toMatchObject({ accessKeyId: 'ASIAINSTANCE' })
    expect(await provider('fresh')).toMatchObject({ accessKeyId: 'ASIACONTAINER' })
  })
})

describe('in an SDK client', () => {
  it.each(['web identity', 'container', 'instance', 'the default profile'])(
    '%s serves, whoever asks and however often',
    async (chosen) => {
      setUp([chosen])
      const credentials = fromNode()
      const client = new S3Client({ region: 'eu-west-1', credentials, requestHandler: { handle } })
      for (const Key of ['a', 'b'])
        await client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key }))
      const { accessKeyId } = await credentials()
      expect(signedBy.splice(0)).toEqual([accessKeyId, accessKeyId])
    },
  )

  const signedBy: (string | undefined)[] = []
  const handle = async ({ headers }: HttpRequest) => {
    signedBy.push(/Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1])
    return { response: new HttpResponse({ statusCode: 204, headers: {} }) }
  }
})

describe('a source that is set up and fails', () => {
  it('ends the search, as what comes behind it is someone else: for the SDK too', async () => {
    const wrong = home.write('wrong', 'not.a.token')
    const missing = `${home.path}/nowhere`
    for (const file of [wrong, missing]) {
      setUp(['web identity', 'container', 'instance'], { AWS_WEB_IDENTITY_TOKEN_FILE: file })
      expect(await whose(fromNodeProviderChain({ logger: quiet }))).toBe('refused')
      expect(await whose(fromNode())).toBe('refused')
    }
  })

  it('ends it for a command and a circle of profiles, where the SDK goes on as someone else', async () => {
    for (const lines of [
      ['credential_process = false'],
      [`role_arn = ${ROLE}`, 'source_profile = default'],
    ]) {
      home.write('config', '[default]', ...lines)
      setUp(['instance'])
      expect(await whose(fromNodeProviderChain({ logger: quiet }))).toBe('ASIAINSTANCE')
      expect(await whose(fromNode())).toBe('refused')
      home.remove()
      home = makeHome()
    }
  })

  it('is told by its own code', async () => {
    setUp(['instance'], { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.com/' })
    expect((await refusalOf(fromNode())).code).toBe('invalid-url')
  })
})

describe('secrets', () => {
  it('stand in no provider that is shown', async () => {
    setUp(['environment', 'the default profile', 'instance'])
    for (const environment of [undefined, { ...process.env, AWS_SECRET_ACCESS_KEY: 'hidden' }]) {
      const provider = fromNode({ environment })
      await provider()
      const shown = inspect(provider, { depth: 9, showHidden: true }) + JSON.stringify({ provider })
      expect(shown).not.toMatch(/hidden|secret\/of|wJalr/)
    }
  })

  const SECRETS = {
    AWS_SECRET_ACCESS_KEY: 'hidden-key',
    AWS_SESSION_TOKEN: 'hidden-session',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'hidden-authorization',
  }
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an agent that repeats its token', {}, ['[default]']],
    [
      'a token that cannot be sent',
      { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'hidden\r\n' },
      ['[default]'],
    ],
    [
      'a secret in the place of a path',
      { AWS_WEB_IDENTITY_TOKEN_FILE: 'hidden-path', AWS_ROLE_ARN: ROLE },
      [],
    ],
    [
      'an address with a password',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://a:hidden@localhost/' },
      [],
    ],
    [
      'an address elsewhere',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://hidden.example.com/' },
      [],
    ],
    [
      'a web token that STS does not take',
      { AWS_WEB_IDENTITY_TOKEN_FILE: 'FILE', AWS_ROLE_ARN: ROLE },
      [],
    ],
    ['a command that tells all', {}, ['[default]', 'credential_process = env; env >&2; exit 1']],
    [
      'a command with a secret among its words',
      {},
      ['[default]', 'credential_process = exit 1 hidden-word'],
    ],
    [
      'a role that STS refuses',
      {},
      [
        '[default]',
        `role_arn = ${ROLE}`,
        'source_profile = default',
        'aws_access_key_id = AKIDUNKNOWN',
        'aws_secret_access_key = hidden',
        'aws_session_token = hidden-token',
      ],
    ],
    ['keys without a key id', {}, ['[default]', 'aws_secret_access_key = hidden']],
  ])('stand in no error: %s', async (_, variables, lines) => {
    const said: string[] = []
    const refusing = await startEndpoint(({ authorization }) => ({
      status: 403,
      body: { Code: 'AccessDenied', Message: `no ${authorization}` },
    }))
    home.write('config', ...lines)
    const file = home.write('token', 'hidden.web.token')
    setUp([], {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: refusing.url,
      ...SECRETS,
      ...Object.fromEntries(
        Object.entries(variables).map(([k, v]) => [k, v.replace('FILE', file)]),
      ),
    })
    const error = await refusalOf(fromNode())
    said.push(
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      `${error.stack}`,
    )
    expect(said.join()).not.toContain('hidden')
    await refusing.close()
  })
})
