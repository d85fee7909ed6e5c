import { fromIni } from '@aws-sdk/credential-providers'
import { fromProfile } from 'countersign/node-credentials'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MFA, MFA_CODE } from '../credentials/services.ts'
import {
  ID_TOKEN,
  LONG_TERM,
  OTHER_ROLE,
  ROLE,
  type Services,
  startServices,
  wireOf,
} from './sts-world.ts'
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
let home: Home
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())
beforeEach(async () => {
  home = makeHome()
  agent = await startEndpoint(() => ({ body: session('CONTAINER') }))
})
afterEach(async () => {
  home.remove()
  await agent.close()
})

const keys = [
  `aws_access_key_id = ${LONG_TERM.accessKeyId}`,
  `aws_secret_access_key = ${LONG_TERM.secretAccessKey}`,
]
const set = (more: Record<string, string | undefined> = {}) =>
  home.set({ AWS_ENDPOINT_URL_STS: services.url, AWS_REGION: 'eu-west-1', ...more })

const mfa = { tokenCode: async () => MFA_CODE, mfaCodeProvider: async () => MFA_CODE }
const ours = (profile?: string) => () => fromProfile({ profile, tokenCode: mfa.tokenCode })()
const theirs = (profile?: string) => () =>
  fromIni({
    ...(profile && { profile }),
    mfaCodeProvider: mfa.mfaCodeProvider,
    maxRetries: 0,
  } as object)()

/** A file of profiles, the one that is asked for, and how many calls of STS it takes. */
type Case = readonly [title: string, profile: string, lines: readonly string[], calls: number]

const CASES: readonly Case[] = [
  ['keys', 'a', ['[profile a]', ...keys], 0],
  [
    'keys of a session, with a scope and an account',
    'a',
    [
      '[profile a]',
      ...keys,
      'aws_session_token = a/b==',
      'aws_credential_scope = us-iso',
      'aws_account_id = 123456789012',
    ],
    0,
  ],
  ['the default profile', 'default', ['[default]', ...keys], 0],
  [
    'a role by the keys of another',
    'a',
    ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = b', '[profile b]', ...keys],
    1,
  ],
  [
    'a role with all that can be said of it',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = default',
      'external_id = a:b/c',
      'duration_seconds = 900',
      'role_session_name = alice@example.com',
      'region = eu-north-1',
      '[default]',
      ...keys,
    ],
    1,
  ],
  [
    'a role with an MFA device',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      `mfa_serial = ${MFA}`,
      '[profile b]',
      ...keys,
    ],
    1,
  ],
  [
    'a role by a role by keys, in the region of the first',
    'a',
    [
      '[profile a]',
      `role_arn = ${OTHER_ROLE}`,
      'source_profile = b',
      'region = eu-north-1',
      '[profile b]',
      `role_arn = ${ROLE}`,
      'source_profile = c',
      'region = eu-south-1',
      '[profile c]',
      ...keys,
    ],
    2,
  ],
  [
    'a role by the keys of its own profile',
    'a',
    ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = a', ...keys],
    1,
  ],
  [
    'a source whose own keys go before its role',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      '[profile b]',
      `role_arn = ${OTHER_ROLE}`,
      'source_profile = c',
      ...keys,
    ],
    1,
  ],
  ['keys where a role has no source', 'a', ['[profile a]', `role_arn = ${ROLE}`, ...keys], 0],
  [
    'keys where a role has two sources',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = a',
      'credential_source = Environment',
      ...keys,
    ],
    0,
  ],
  [
    'a role by the environment',
    'a',
    ['[profile a]', `role_arn = ${ROLE}`, 'credential_source = Environment'],
    1,
  ],
  [
    'a role by a profile that names a source and no role',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      '[profile b]',
      'credential_source = Environment',
    ],
    1,
  ],
  [
    'a role by the token of a file',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'web_identity_token_file = TOKEN_FILE',
      'role_session_name = pod',
      'region = eu-north-1',
    ],
    1,
  ],
  [
    'a role by a role by the token of a file',
    'a',
    [
      '[profile a]',
      `role_arn = ${OTHER_ROLE}`,
      'source_profile = b',
      '[profile b]',
      `role_arn = ${ROLE}`,
      'web_identity_token_file = TOKEN_FILE',
    ],
    2,
  ],
  [
    'a role by a command',
    'a',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      '[profile b]',
      `credential_process = echo '{"Version":1,"AccessKeyId":"${LONG_TERM.accessKeyId}","SecretAccessKey":"${LONG_TERM.secretAccessKey}"}'`,
    ],
    1,
  ],
]

/** Files of which neither makes credentials. */
const REFUSED: readonly (readonly [title: string, lines: readonly string[], words: RegExp])[] = [
  ['there is no file', [], /no file has a profile a/],
  ['there is no such profile', ['[profile b]', ...keys], /no file has a profile a/],
  [
    'it has no credentials',
    ['[profile a]', 'region = eu-west-1'],
    /profile a names no credentials/,
  ],
  ['it has no secret', ['[profile a]', keys[0] as string], /profile a names no credentials/],
  ['its role has no source', ['[profile a]', `role_arn = ${ROLE}`], /names no credentials/],
  [
    'its source is not there',
    ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = b'],
    /profile a has no source: no file has a profile b/,
  ],
  [
    'its source has no credentials',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      '[profile b]',
      'region = eu-west-1',
    ],
    /profile a has no source: profile b names no credentials/,
  ],
  [
    'it is its own source without keys',
    ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = a'],
    /circle: a → a → a/,
  ],
  [
    'profiles lead in a circle',
    [
      '[profile a]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
      '[profile b]',
      `role_arn = ${ROLE}`,
      'source_profile = c',
      '[profile c]',
      `role_arn = ${ROLE}`,
      'source_profile = b',
    ],
    /circle: a → b → c → b/,
  ],
  [
    'its source is of no kind',
    ['[profile a]', `role_arn = ${ROLE}`, 'credential_source = Moon'],
    /credential_source of profile a is none of Environment, EcsContainer, Ec2InstanceMetadata/,
  ],
  [
    'its source is a word of JavaScript',
    ['[profile a]', `role_arn = ${ROLE}`, 'credential_source = constructor'],
    /none of Environment/,
  ],
  [
    'a container is named where there is none',
    ['[profile a]', `role_arn = ${ROLE}`, 'credential_source = EcsContainer'],
    /profile a has no source: neither/,
  ],
  [
    'its file of a token is not there',
    ['[profile a]', `role_arn = ${ROLE}`, 'web_identity_token_file = /nowhere'],
    /web_identity_token_file of profile a/,
  ],
]

describe('a profile', () => {
  it.each(CASES)('has %s, as in the SDK', async (_, profile, lines, calls) => {
    const file = home.write('token', ID_TOKEN)
    home.write('config', ...lines.map((line) => line.replace('TOKEN_FILE', file)))
    set({
      AWS_ACCESS_KEY_ID: LONG_TERM.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LONG_TERM.secretAccessKey,
    })
    const mine = (await wireOf(services, ours(profile))) as { outcome: unknown; asked: unknown[] }
    expect(mine).toEqual(await wireOf(services, theirs(profile)))
    expect(mine.outcome).not.toBe('refused')
    expect(mine.asked).toHaveLength(calls)
  })

  it.each(REFUSED)('is refused by both where %s', async (_, lines, words) => {
    if (lines.length) home.write('config', ...lines)
    set()
    expect(await outcomeOf(theirs('a'))).toBe('refused')
    expect((await refusalOf(ours('a'))).message).toMatch(words)
  })

  it('lasts a number of seconds; the SDK asks STS for NaN of them', async () => {
    const lines = ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = a', ...keys]
    home.write('config', ...lines, 'duration_seconds = soon')
    set()
    const before = services.calls.length
    expect((await refusalOf(ours('a'))).message).toContain('duration_seconds of profile a')
    expect(services.calls).toHaveLength(before)
    await theirs('a')()
    expect(services.calls.at(-1)?.input.DurationSeconds).toBe('NaN')
  })

  it.each([
    ['EcsContainer', 'CONTAINER', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'URL' }],
    [
      'Ec2InstanceMetadata',
      'INSTANCE',
      { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'URL', AWS_EC2_METADATA_V1_DISABLED: 'true' },
    ],
  ])('takes on a role by %s, as the SDK', async (source, name, variables) => {
    if (name === 'INSTANCE') agent.answer = metadata(name)
    home.write('config', '[profile a]', `role_arn = ${ROLE}`, `credential_source = ${source}`)
    const named = Object.entries(variables).map(([key, value]) => [
      key,
      value.replace('URL', agent.url),
    ])
    set(Object.fromEntries(named))
    // STS knows nothing of the session, and refuses it: that it was asked with it is what counts.
    for (const ask of [ours('a'), theirs('a')]) {
      const asked = agent.asked.length
      expect(await outcomeOf(ask)).toBe('refused')
      expect(agent.asked.length).toBeGreaterThan(asked)
    }
    expect((await refusalOf(ours('a'))).service?.code).toBe('InvalidClientTokenId')
  })

  it('is read of both files, where the credentials go before', async () => {
    home.write('config', '[profile a]', 'aws_access_key_id = AKIDCONFIG', keys[1] as string)
    home.write('credentials', '[a]', keys[0] as string)
    set()
    const mine = await outcomeOf(ours('a'))
    expect(mine).toEqual(await outcomeOf(theirs('a')))
    expect(mine).toMatchObject({ accessKeyId: LONG_TERM.accessKeyId })
  })

  it.each([
    [{ AWS_PROFILE: 'b' }, 'AKIDB'],
    [{}, 'AKIDDEFAULT'],
    [{ AWS_CONFIG_FILE: 'elsewhere' }, 'AKIDELSEWHERE'],
    [{ AWS_CONFIG_FILE: '~/.aws/elsewhere' }, 'AKIDELSEWHERE'],
    [{ AWS_SHARED_CREDENTIALS_FILE: 'elsewhere' }, 'AKIDELSEWHERE'],
  ])('is found by what %j says', async (variables: Record<string, string>, accessKeyId) => {
    const of = (name: string, id: string) => [
      `[${name}]`,
      `aws_access_key_id = ${id}`,
      keys[1] as string,
    ]
    home.write('config', ...of('default', 'AKIDDEFAULT'), ...of('profile b', 'AKIDB'))
    const elsewhere = home.write('elsewhere', ...of('default', 'AKIDELSEWHERE'))
    set(
      Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [
          key,
          value.replace(/^elsewhere$/, elsewhere),
        ]),
      ),
    )
    const mine = await outcomeOf(ours())
    expect(mine).toEqual(await outcomeOf(theirs()))
    expect(mine).toMatchObject({ accessKeyId })
  })

  it('is read anew when it has no end, and its session kept while it lives', async () => {
    set()
    home.write('credentials', '[a]', 'aws_access_key_id = AKIDONE', keys[1] as string)
    const provider = fromProfile({ profile: 'a' })
    expect(await provider()).toMatchObject({ accessKeyId: 'AKIDONE' })
    home.write('credentials', '[a]', 'aws_access_key_id = AKIDTWO', keys[1] as string)
    expect(await provider()).toMatchObject({ accessKeyId: 'AKIDTWO' })
    home.write('credentials', '[a]', `role_arn = ${ROLE}`, 'source_profile = a', ...keys)
    const held = await provider()
    expect(await provider()).toBe(held)
    expect(await provider('fresh')).not.toBe(held)
  })

  it('with an MFA device asks for its code, and is refused by both where nobody can be asked', async () => {
    const lines = ['[profile a]', `role_arn = ${ROLE}`, 'source_profile = a', `mfa_serial = ${MFA}`]
    home.write('config', ...lines, ...keys)
    set()
    const asked: string[] = []
    const tokenCode = (serialNumber: string) => {
      asked.push(serialNumber)
      return MFA_CODE
    }
    await fromProfile({ profile: 'a', tokenCode })()
    expect(asked).toEqual([MFA])
    expect(await outcomeOf(fromIni({ profile: 'a' }))).toBe('refused')
    const error = await refusalOf(fromProfile({ profile: 'a' }))
    expect([error.code, error.message]).toEqual([
      'invalid-options',
      expect.stringContaining('profile a has an mfa_serial'),
    ])
    const wrong = await refusalOf(fromProfile({ profile: 'a', tokenCode: () => '654321' }))
    expect([wrong.code, wrong.service?.code]).toEqual(['credentials-refused', 'AccessDenied'])
  })

  it('of the environment that is given, not of the process', async () => {
    set()
    home.write('config', '[default]', 'aws_access_key_id = AKIDPROCESS', keys[1] as string)
    const file = home.write('given', '[b]', 'aws_access_key_id = AKIDGIVEN', keys[1] as string)
    const environment = { AWS_PROFILE: 'b', AWS_SHARED_CREDENTIALS_FILE: file, HOME: '/nowhere' }
    expect(await fromProfile({ environment })()).toMatchObject({ accessKeyId: 'AKIDGIVEN' })
  })
})
