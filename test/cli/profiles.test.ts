import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ID_TOKEN, LONG_TERM, type Services, startServices } from '../credentials/services.ts'
import { type Endpoint, metadata, startEndpoint } from '../node-credentials/world.ts'
import { root } from '../support/packed.ts'
import { installCommand } from './command.ts'

const command = installCommand()
let services: Services
let instance: Endpoint
const home = command.packed.consumer
const role = 'arn:aws:iam::123456789012:role/reader'
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const elsewhere = 'https://s3.example.com/key'

beforeAll(async () => {
  services = await startServices()
  instance = await startEndpoint(metadata('INSTANCE'))
  mkdirSync(`${home}/node_modules/@smithy`, { recursive: true })
  const loader = '@smithy/shared-ini-file-loader'
  symlinkSync(`${root}/node_modules/${loader}`, `${home}/node_modules/${loader}`)
})
afterAll(async () => {
  await services.close()
  await instance.close()
  command.packed.remove()
})

const profiles = (...lines: string[]) => {
  mkdirSync(`${home}/.aws`, { recursive: true })
  writeFileSync(`${home}/.aws/config`, lines.join('\n'))
}
const keys = [
  `aws_access_key_id = ${LONG_TERM.accessKeyId}`,
  `aws_secret_access_key = ${LONG_TERM.secretAccessKey}`,
]

/** Runs the command without keys in its environment. */
const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  command.run(words, '', {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_STS: services.url,
    ...env,
  })
const credentialOf = ({ stdout }: { stdout: string }) => /Credential=([^,]*)/.exec(stdout)?.[1]

describe('a profile of the command', () => {
  it('takes on a role by a role by keys, each signed for the region of the profile', async () => {
    profiles(
      '[profile a]',
      `role_arn = ${role}`,
      'source_profile = b',
      'region = eu-north-1',
      '[profile b]',
      `role_arn = ${role}`,
      'source_profile = default',
      '[default]',
      ...keys,
    )
    const signed = await run(['sign', '--profile', 'a', '--service', 's3', elsewhere])
    expect([signed.code, credentialOf(signed)]).toEqual([
      0,
      expect.stringMatching(/^ASIASESSION\d+\/\d+\/eu-north-1\/s3\//),
    ])
    expect(services.calls.map(({ signedBy }) => signedBy?.region)).toEqual([
      'eu-north-1',
      'eu-north-1',
    ])
  })

  it.each([
    ['the default profile', [], {}, 'AKIDDEFAULT', 'eu-south-1'],
    ['AWS_PROFILE', [], { AWS_PROFILE: 'b' }, 'AKIDB', 'eu-north-1'],
    ['--profile', ['--profile', 'b'], { AWS_PROFILE: 'c' }, 'AKIDB', 'eu-north-1'],
    ['--region', ['--region', 'eu-west-2'], {}, 'AKIDDEFAULT', 'eu-west-2'],
    ['AWS_REGION', [], { AWS_REGION: 'eu-west-3' }, 'AKIDDEFAULT', 'eu-west-3'],
  ])('and its region are those of %s', async (_, words, env, id, region) => {
    const of = (name: string, id: string, region: string) => [
      `[${name}]`,
      `aws_access_key_id = ${id}`,
      'aws_secret_access_key = secret',
      `region = ${region}`,
    ]
    profiles(
      ...of('default', 'AKIDDEFAULT', 'eu-south-1'),
      ...of('profile b', 'AKIDB', 'eu-north-1'),
    )
    const signed = await run(['sign', ...words, '--service', 's3', elsewhere], { ...env })
    expect([signed.code, signed.stderr, credentialOf(signed)]).toEqual([
      0,
      '',
      expect.stringMatching(new RegExp(`^${id}/\\d+/${region}/s3/`)),
    ])
  })

  it('gives no region where the URL tells it', async () => {
    profiles('[default]', ...keys, 'region = eu-north-1')
    expect(credentialOf(await run(['sign', url]))).toContain('/eu-west-1/s3/')
  })

  it.each([
    ['AWS_WEB_IDENTITY_TOKEN_FILE', /^ASIASESSION/],
    ['AWS_EC2_METADATA_SERVICE_ENDPOINT', /^ASIAINSTANCE/],
  ])('is not needed where the machine has others: %s', async (name, id) => {
    profiles()
    const token = `${home}/token`
    writeFileSync(token, ID_TOKEN)
    const env = {
      AWS_WEB_IDENTITY_TOKEN_FILE: { [name]: token, AWS_ROLE_ARN: role },
      AWS_EC2_METADATA_SERVICE_ENDPOINT: { [name]: instance.url, AWS_EC2_METADATA_DISABLED: '' },
    }[name]
    expect(credentialOf(await run(['sign', url], env))).toMatch(id)
  })

  it.each([
    [
      'a profile that is not there',
      ['--profile', 'nowhere'],
      {},
      [],
      3,
      /no file has a profile nowhere/,
    ],
    ['no credentials at all', [], {}, [], 3, /environment: .*profile: .*instance: /],
    [
      'a circle',
      [],
      {},
      ['[default]', `role_arn = ${role}`, 'source_profile = default'],
      3,
      /default → default/,
    ],
    [
      'an MFA device, and nobody to ask',
      [],
      {},
      ['[default]', `role_arn = ${role}`, 'source_profile = default', 'mfa_serial = m', ...keys],
      3,
      /code of m is asked for on a terminal/,
    ],
    [
      'a command that fails',
      [],
      {},
      ['[default]', 'credential_process = echo no luck >&2; exit 1'],
      3,
      /no luck/,
    ],
    [
      'SSO without its provider',
      [],
      {},
      ['[default]', 'sso_session = work'],
      3,
      /npm i @aws-sdk\/credential-provider-sso/,
    ],
    [
      'STS that is not there',
      [],
      { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:3' },
      ['[default]', `role_arn = ${role}`, 'source_profile = default', ...keys],
      4,
      /ECONNREFUSED/,
    ],
  ])('is told of %s', async (_, words, env, lines, expected, message) => {
    profiles(...lines)
    const { code, stderr } = await run(['sign', ...words, url], { ...env })
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)])
    expect(stderr).not.toContain(LONG_TERM.secretAccessKey)
  })
})
