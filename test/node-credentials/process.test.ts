import { readFileSync } from 'node:fs'
import { fromIni } from '@aws-sdk/credential-providers'
import type { AwsCredentialIdentityProvider } from '@smithy/types'
import { fromProfile } from 'countersign/node-credentials'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Home, makeHome, outcomeOf, refusalOf } from './world.ts'

let home: Home
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const key = { Version: 1, AccessKeyId: 'AKIDPROCESS', SecretAccessKey: secret }
const later = new Date(Date.now() + 3_600_000).toISOString()

/** A profile whose command prints a file, notes that it ran, and what else it is to do. */
function profileOf(printed: unknown, also = '', ...lines: string[]): void {
  const text = typeof printed === 'string' ? printed : JSON.stringify(printed)
  const file = home.write('printed', text)
  const command = `echo >> ${home.path}/ran; cat ${file}${also && `; ${also}`}`
  home.write('config', '[profile a]', `credential_process = ${command}`, ...lines)
}
const timesRun = () => readFileSync(`${home.path}/ran`, 'utf8').length
const ours = () => fromProfile({ profile: 'a' })()
const theirs = () => fromIni({ profile: 'a' })()

describe('what a command prints', () => {
  it.each([
    ['a key', key, []],
    [
      'a session with all that can be said of it',
      {
        ...key,
        SessionToken: 'a/b==',
        Expiration: later,
        CredentialScope: 'us-iso',
        AccountId: '123456789012',
      },
      [],
    ],
    ['a key, whose profile says the account', key, ['aws_account_id = 123456789012']],
    [
      'a key that says its account, before its profile',
      { ...key, AccountId: '123456789012' },
      ['aws_account_id = 210987654321'],
    ],
    ['blanks around it', ` \n${JSON.stringify(key)}\n\n`, []],
  ])('is read as the SDK reads it: %s', async (_, printed, lines) => {
    profileOf(printed, '', ...lines)
    const mine = await outcomeOf(ours)
    expect(mine).toEqual(await outcomeOf(theirs))
    expect(mine).toMatchObject({ accessKeyId: 'AKIDPROCESS', secretAccessKey: secret })
  })

  it.each([
    ['is no JSON', `key ${secret}`, '', /Version 1/],
    ['is null', 'null', '', /Version 1/],
    ['has no version', { ...key, Version: undefined }, '', /Version 1/],
    ['is of another version', { ...key, Version: 2 }, '', /Version 1/],
    ['has no key id', { ...key, AccessKeyId: undefined }, '', /AccessKeyId/],
    ['has no secret', { ...key, SecretAccessKey: undefined }, '', /SecretAccessKey/],
    ['has expired', { ...key, Expiration: '2020-01-01T00:00:00Z' }, '', /has expired/],
    ['is good, of a command that fails', key, 'exit 3', /ended with 3: without a word/],
    ['is good, of a command that is ended', key, 'kill $$', /ended by SIGTERM/],
    ['is nothing', '', 'no-such-command-here', /ended with 127: .*no-such-command-here/],
  ])('is refused by both where it %s', async (_, printed, also, words) => {
    profileOf(printed, also)
    expect(await outcomeOf(theirs)).toBe('refused')
    const error = await refusalOf(ours)
    expect(error.message).toMatch(words)
    expect(error.message).not.toContain(secret)
    expect(error.code).toBe(
      /expired/.test(error.message) ? 'expired-credentials' : 'invalid-credentials',
    )
  })

  it('without an end is kept until something fresh is wanted, and with one while it lives', async () => {
    profileOf(key)
    const provider = fromProfile({ profile: 'a' })
    await provider()
    await provider()
    expect(timesRun()).toBe(1)
    await provider('fresh')
    expect(timesRun()).toBe(2)
    profileOf({ ...key, Expiration: later })
    await provider('fresh')
    await provider()
    expect(timesRun()).toBe(3)
  })
})

describe('what a client of the AWS SDKs says beside', () => {
  it.each([
    ['that it is to be fresh', { forceRefresh: true }, 2],
    ['that it need not be', { forceRefresh: false }, 1],
    ['who asks', { callerClientConfig: {} }, 1],
  ])('%s, runs a command that often', async (_, said, times) => {
    profileOf(key)
    const provider: AwsCredentialIdentityProvider = fromProfile({ profile: 'a' })
    await provider()
    await provider(said)
    expect(timesRun()).toBe(times)
  })
})

describe('the complaint of a command that fails', () => {
  it('is shown, in one line', async () => {
    profileOf(
      '',
      "printf 'Your session has ended.\\n\\tLog in: vault login\\n\\033[0m' >&2; exit 1",
    )
    expect((await refusalOf(ours)).message).toBe(
      'invalid-credentials: credential_process ended with 1: Your session has ended. Log in: vault login [0m.',
    )
  })

  it.each([
    ['its secret', secret],
    ['a part of JSON', JSON.stringify(key).slice(0, -1)],
    ['a token of some length', `token ${'FwoGZXIvYXdzEJr//'.repeat(20)}==`],
    ['a short secret behind its name', 'SecretAccessKey: hunter2'],
    ['a password of an URL', 'password=hunter2&user=a'],
    ['what a variable holds', 'cannot use confidential-variable here'],
    ['what it had printed', 'short-token is wrong'],
  ])('is shown without %s', async (_, complaint) => {
    home.write('complaint', complaint)
    profileOf(
      { ...key, SessionToken: 'short-token' },
      `cat ${home.path}/.aws/complaint >&2; exit 1`,
    )
    process.env.MY_API_TOKEN = 'confidential-variable'
    const { message } = await refusalOf(ours)
    delete process.env.MY_API_TOKEN
    expect(message).toContain('credential_process ended with 1')
    for (const word of [
      secret,
      'FwoGZXIvYXdzEJr',
      'hunter2',
      'confidential-variable',
      'short-token',
    ])
      expect(message).not.toContain(word)
  })

  it('is cut where it is long', async () => {
    profileOf('', 'yes word | head -c 100000 >&2; exit 1')
    expect((await refusalOf(ours)).message.length).toBeLessThan(600)
  })
})
