import { createHash } from 'node:crypto'
import { fromIni } from '@aws-sdk/credential-providers'
import { fromProfile } from 'countersign/node-credentials'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, type Home, makeHome, outcomeOf, startEndpoint } from './world.ts'

let home: Home
let portal: Endpoint
const start = 'https://example.awsapps.com/start'
const roleCredentials = {
  accessKeyId: 'ASIASSO',
  secretAccessKey: 'secret/of+sso',
  sessionToken: 'token//of+sso==',
  expiration: Date.now() + 3_600_000,
}
beforeEach(async () => {
  home = makeHome()
  portal = await startEndpoint(() => ({
    headers: { 'content-type': 'application/json' },
    body: { roleCredentials },
  }))
})
afterEach(async () => {
  home.remove()
  await portal.close()
})

const legacy = [
  '[profile a]',
  `sso_start_url = ${start}`,
  'sso_region = eu-west-1',
  'sso_account_id = 123456789012',
  'sso_role_name = reader',
]

/** The session of `aws sso login`, as the tools of AWS leave it in the home. */
function signIn(name: string, expiresAt = new Date(Date.now() + 3_600_000)): void {
  const file = createHash('sha1').update(name).digest('hex')
  const token = { startUrl: start, region: 'eu-west-1', accessToken: 'sso-token', expiresAt }
  home.write(`sso/cache/${file}.json`, JSON.stringify(token))
}

const ours = () => fromProfile({ profile: 'a' })()
const theirs = () => fromIni({ profile: 'a' })()

describe('a profile that signs in by SSO', () => {
  it.each([
    ['by its own lines', legacy, start],
    [
      'by a session',
      [
        '[profile a]',
        'sso_session = work',
        'sso_account_id = 123456789012',
        'sso_role_name = reader',
        '[sso-session work]',
        `sso_start_url = ${start}`,
        'sso_region = eu-west-1',
      ],
      'work',
    ],
  ])('has what the SDK has, %s', async (_, lines, name) => {
    home.write('config', ...lines)
    signIn(name)
    home.set({ AWS_ENDPOINT_URL_SSO: portal.url })
    const mine = await outcomeOf(ours)
    expect(mine).toEqual(await outcomeOf(theirs))
    expect(mine).toEqual(roleCredentials)
    expect(portal.asked.map(({ path }) => path)).toEqual(
      Array(2).fill('/federation/credentials?account_id=123456789012&role_name=reader'),
    )
  })

  it('is refused by both where nobody has signed in, in the words of the SDK', async () => {
    home.write('config', ...legacy)
    home.set({ AWS_ENDPOINT_URL_SSO: portal.url })
    expect(await outcomeOf(theirs)).toBe('refused')
    await expect(ours()).rejects.toThrow(/aws sso login/)
    expect(portal.asked).toEqual([])
  })
})
