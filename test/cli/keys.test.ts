import { execFile } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inferScope } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iamAddressOf } from '../../src/cli/keys/calls.ts'
import { describeWithPart, requirePart } from '../real/parts.ts'
import { root } from '../support/packed.ts'
import { ask, OLD_ID, startKeysWorld, works } from './keys-world.ts'

let world: Awaited<ReturnType<typeof startKeysWorld>>
beforeAll(async () => {
  world = await startKeysWorld()
})
afterAll(() => world.close())

const old = () => world.server.credentials
const profileOf = (name: string, { accessKeyId, secretAccessKey } = old()) =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`

describe('countersign keys', () => {
  it('lists keys with age and last use, and marks what is old', async () => {
    world.begin(profileOf('default'), 91)
    const { code, stdout, stderr } = await world.run(['keys'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^Access keys of user user:\nAKIAIOSFODNN7EXAMPLE \(yours\), active, 91 days old, last used \d{4}-\d\d-\d\d \(iam, us-east-1\) <- older than 90 days\n$/,
    )
  })

  it('marks what nobody uses, and none that is 90 days old', async () => {
    world.begin(profileOf('default'), 90)
    const made = await ask(world.server, old(), 'iam', 'CreateAccessKey')
    const [, id] = /<AccessKeyId>(\w+)/.exec(made.text) ?? []
    const { stdout } = await world.run(['keys', '--json'])
    const { keys } = JSON.parse(stdout)
    expect(keys).toMatchObject([
      { accessKeyId: OLD_ID, days: 90, marks: [], isCaller: true, status: 'Active' },
      { accessKeyId: id, days: 0, marks: ['unused'], isCaller: false },
    ])
    expect(keys[1]).not.toHaveProperty('lastUse')
    expect((await world.run(['keys'])).stdout).toContain(
      `${id}, active, 0 days old, never used <- not used in 90 days`,
    )
  })

  it('is of the environment as of a profile, and says what AWS says', async () => {
    world.begin('')
    const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = old()
    const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
    expect((await world.run(['keys'], env)).stdout).toContain(`${OLD_ID} (yours)`)
    const wrong = await world.run(['keys'], { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' })
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('SignatureDoesNot')])
    const nowhere = await world.run(['keys'], { ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:3' })
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining('ECONNREFUSED')])
  })

  it.each([
    ['keys', 'list'],
    ['keys', 'toString'],
    ['keys', 'rotate', '--credentials', 'true'],
  ])('is called wrongly: %s %s %s', async (...words) => {
    world.begin(profileOf('default'))
    expect((await world.run(words.filter(Boolean))).code).toBe(2)
  })

  it.each([
    ['eu-west-1', 'iam.amazonaws.com', 'us-east-1'],
    ['cn-northwest-1', 'iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['us-gov-east-1', 'iam.us-gov.amazonaws.com', 'us-gov-west-1'],
    ['us-iso-west-1', 'iam.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
    ['us-isob-east-1', 'iam.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
    ['eusc-de-east-1', 'iam.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ])('asks IAM of the partition of %s', (region, host, signedFor) => {
    expect(iamAddressOf(region)).toBe(`https://${host}/`)
    expect(inferScope(`https://${host}/`)).toEqual({ service: 'iam', region: signedFor })
  })
})

describe('countersign keys rotate', () => {
  const around = (inside: string) => `# mine\r\n[work]\r\nregion=eu-west-1\r\n${inside}\r\n; end`
  const lines = (id: string, secret: string) =>
    `aws_access_key_id=${id}\r\n\taws_secret_access_key  =  ${secret}  # do not share`

  it('gives the profile a key that works, and deactivates the old', async () => {
    world.begin(around(lines(old().accessKeyId, old().secretAccessKey)))
    const { code, stdout, stderr } = await world.run(['keys', 'rotate', '--profile', 'work'])
    const fresh = await world.keyIn('work')
    expect([code, stderr]).toEqual([0, ''])
    expect(world.server.verdicts.map(({ operation, result }) => [operation, result.ok])).toEqual([
      ['ListAccessKeys', true],
      ['CreateAccessKey', true],
      ['GetCallerIdentity', true],
      ['UpdateAccessKey', true],
    ])
    expect(fresh.accessKeyId).not.toBe(old().accessKeyId)
    expect(world.text()).toBe(around(lines(fresh.accessKeyId, fresh.secretAccessKey)))
    expect(statSync(world.path).mode & 0o777).toBe(0o600)
    expect([await works(world.server, fresh), await works(world.server, old())]).toEqual([
      true,
      false,
    ])
    expect(stdout).toContain(
      `aws iam update-access-key --access-key-id ${OLD_ID} --status Active --profile work`,
    )
    expect(stdout).toContain(`aws iam delete-access-key --access-key-id ${OLD_ID} --profile work`)
    for (const secret of [fresh.secretAccessKey, old().secretAccessKey])
      expect(stdout).not.toContain(secret)
  })

  it('tells it as JSON', async () => {
    world.begin(profileOf('default'))
    const { code, stdout } = await world.run(['keys', 'rotate', '--json'])
    const { accessKeyId } = await world.keyIn('default')
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        ...{ profile: 'default', file: world.path, userName: 'user' },
        ...{ newAccessKeyId: accessKeyId, oldAccessKeyId: OLD_ID },
        commands: { goBack: expect.any(String), remove: expect.any(String) },
      },
    ])
  })

  it('shows the steps of --dry-run, and takes none', async () => {
    const text = profileOf('default')
    world.begin(text)
    const { code, stdout } = await world.run(['keys', 'rotate', '--dry-run'])
    expect([code, stdout.trim().split('\n').length, world.text()]).toEqual([0, 5, text])
    expect(stdout).toMatch(/CreateAccessKey.*GetCallerIdentity.*UpdateAccessKey/s)
    const { steps } = JSON.parse(
      (await world.run(['keys', 'rotate', '--dry-run', '--json'])).stdout,
    )
    expect(steps).toHaveLength(4)
    expect(new Set(world.server.verdicts.map(({ operation }) => operation))).toEqual(
      new Set(['ListAccessKeys']),
    )
  })

  it('refuses where there are two keys, and says what to do', async () => {
    const text = profileOf('default')
    world.begin(text)
    const made = await ask(world.server, old(), 'iam', 'CreateAccessKey')
    const [, id] = /<AccessKeyId>(\w+)/.exec(made.text) ?? []
    for (const more of [[], ['--dry-run']]) {
      const { code, stdout, stderr } = await world.run(['keys', 'rotate', ...more])
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(`${id} (active, made `)
      expect(stderr).toContain(
        `never used). A rotation that was stopped leaves one whose secret nobody has. Where nobody uses it: aws iam delete-access-key --access-key-id ${id} --profile default`,
      )
    }
    expect(world.text()).toBe(text)
  })

  const role = 'role_arn = arn:aws:iam::123456789012:role/reader\n'
  it.each([
    ['by SSO', '[p]\nsso_session = work\n', /signs in by SSO/],
    [
      'by a role',
      () => `${profileOf('base')}[p]\n${role}source_profile = base\n`,
      /--profile base/,
    ],
    ['by a web identity', `[p]\n${role}web_identity_token_file = /t\n`, /takes on a role without/],
    ['by a command', '[p]\ncredential_process = echo {}\n', /credential_process/],
    ['by a session', () => `${profileOf('p')}aws_session_token = t\n`, /holds a session/],
    ['by a session id', () => profileOf('p').replace('AKIA', 'ASIA'), /holds a session/],
    ['by nothing', '[p]\nregion = eu-west-1\n', /has no key to rotate/],
    ['nowhere', '[q]\nregion = eu-west-1\n', /no file has a profile p\./],
  ])('refuses a profile with credentials %s', async (_, text, message) => {
    world.begin(typeof text === 'string' ? text : text())
    const { code, stdout, stderr } = await world.run(['keys', 'rotate', '--profile', 'p'])
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringMatching(message)])
    expect(stderr).not.toContain(old().secretAccessKey)
    expect(world.server.verdicts).toEqual([])
  })

  it('refuses the key of the environment, and one that stands in the config file', async () => {
    world.begin(profileOf('default'))
    const env = { AWS_ACCESS_KEY_ID: OLD_ID, AWS_SECRET_ACCESS_KEY: 'a' }
    const environment = await world.run(['keys', 'rotate'], env)
    expect([environment.code, environment.stderr]).toEqual([
      3,
      expect.stringContaining('AWS_ACCESS_KEY_ID, which stands in no file'),
    ])
    const config = join(world.home, 'config')
    writeFileSync(config, profileOf('default'))
    world.begin('[other]\nregion = a\n')
    const inConfig = await world.run(['keys', 'rotate'], { AWS_CONFIG_FILE: config })
    rmSync(config)
    expect([inConfig.code, inConfig.stderr]).toEqual([
      3,
      expect.stringContaining(`out of ${config}`),
    ])
    expect(world.server.verdicts).toEqual([])
  })

  it('leaves a link a link', async () => {
    world.begin(profileOf('default'))
    const real = join(world.home, 'real')
    mkdirSync(real, { recursive: true })
    renameSync(world.path, join(real, 'file'))
    symlinkSync(join(real, 'file'), world.path)
    expect((await world.run(['keys', 'rotate'])).code).toBe(0)
    expect(lstatSync(world.path).isSymbolicLink()).toBe(true)
    expect(await works(world.server, await world.keyIn('default'))).toBe(true)
    rmSync(world.path)
  })
})

describe('docs/rotate-keys.md', () => {
  /** What the page says that a command prints, with the ids, the place and the days of this run. */
  const promised = (command: string, fresh = '') => {
    const page = readFileSync(join(root, 'docs/rotate-keys.md'), 'utf8')
    const [, printed = ''] = page.split(`$ ${command}\n`)[1]?.match(/^(.*?)```/s) ?? []
    return (
      printed
        // A line that is too long for the page goes on below, further in.
        .replace(/\n {2,4}(?=last used|--)/g, ' ')
        .replaceAll('AKIAI44QH8DHBEXAMPLE', fresh)
        .replaceAll('user alice', 'user user')
        .replace('user/alice', `user/${fresh}`)
        .replace('/home/alice/.aws/credentials', world.path)
        .replace('2026-11-28', new Date().toJSON().slice(0, 10))
    )
  }

  it('shows what is printed', async () => {
    world.begin(profileOf('work'), 112)
    const listed = await world.run(['keys', '--profile', 'work'])
    expect(listed.stdout).toBe(promised('countersign keys --profile work'))
    const rotated = await world.run(['keys', 'rotate', '--profile', 'work'])
    const { accessKeyId } = await world.keyIn('work')
    expect(rotated.stdout).toBe(promised('countersign keys rotate --profile work', accessKeyId))
  })
})

describeWithPart('awscli', 'countersign keys rotate with the AWS CLI', () => {
  it('leaves a file that it reads, and commands that it takes', async () => {
    world.begin(`# mine\n${profileOf('work')}region = eu-west-1\n`)
    const { stdout } = await world.run(['keys', 'rotate', '--profile', 'work'])
    const aws = (line: string) =>
      promisify(execFile)(
        requirePart('awscli'),
        [...line.split(' '), '--output', 'json', '--endpoint-url', world.server.url],
        { env: { ...world.env, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } },
      ).then(({ stdout }) => stdout)
    const fresh = await world.keyIn('work')
    expect(await aws('sts get-caller-identity --profile work')).toContain(fresh.accessKeyId)
    const [back = '', removal = ''] = Array.from(
      stdout.matchAll(/^ {2}aws (.*)$/gm),
      ([, line]) => line,
    )
    await aws(back)
    expect(await works(world.server, old())).toBe(true)
    await aws(removal)
    expect(await works(world.server, old())).toBe(false)
    expect(await aws('iam list-access-keys --profile work')).not.toContain(OLD_ID)
  }, 60_000)
})
