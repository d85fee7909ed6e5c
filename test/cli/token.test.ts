import * as tokens from 'countersign/tokens'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleSession } from '../support/example-key.ts'
import { credentials, installCommand, secretAccessKey } from './command.ts'

let command: ReturnType<typeof installCommand>
beforeAll(() => {
  command = installCommand()
}, 60_000)
afterAll(() => command.packed.remove())

const signingDate = new Date('2026-03-04T05:06:07Z')
const region = 'eu-west-1'
const own = { region, credentials, signingDate }
const DATED = ['--signing-date', '20260304T050607Z']
const token = (...words: string[]) => command.run(['token', ...words, ...DATED])

const db = 'db.abc.eu-west-1.rds.amazonaws.com'
const dsql = 'abc.dsql.eu-west-1.on.aws'
const things = 'a1b2c3-ats.iot.eu-west-1.amazonaws.com'
const cache = ['--cluster', 'sessions', '--user', 'app']

describe('countersign token', () => {
  it.each<readonly [string, () => Promise<string | tokens.Token>]>([
    [
      `rds --host ${db} --port 5432 --user app`,
      () => tokens.rdsToken({ ...own, host: db, port: 5432, user: 'app' }),
    ],
    [
      `dsql --host ${dsql} --user admin --expires-in 60`,
      () => tokens.dsqlToken({ ...own, host: dsql, user: 'admin', expiresIn: 60 }),
    ],
    [`dsql --host ${dsql}`, () => tokens.dsqlToken({ ...own, host: dsql })],
    [
      `elasticache ${cache.join(' ')} --region ${region} --serverless`,
      () => tokens.elastiCacheToken({ ...own, cluster: 'sessions', user: 'app', serverless: true }),
    ],
    [
      `elasticache ${cache.join(' ')} --region ${region}`,
      () => tokens.elastiCacheToken({ ...own, cluster: 'sessions', user: 'app' }),
    ],
    [
      `memorydb ${cache.join(' ')} --region ${region}`,
      () => tokens.memoryDbToken({ ...own, cluster: 'sessions', user: 'app' }),
    ],
    [`msk --region ${region}`, () => tokens.mskToken(own)],
    [
      `eks --cluster production --region ${region}`,
      () => tokens.eksToken({ ...own, cluster: 'production' }),
    ],
    [
      `bedrock --region ${region} --expires-in 3600`,
      () => tokens.bedrockToken({ ...own, expiresIn: 3600 }),
    ],
    [
      `iot --host ${things}`,
      () => tokens.iotWebSocketUrl({ ...own, host: things }).then(({ url }) => url),
    ],
    [`ses --region ${region}`, () => tokens.sesSmtpPassword({ secretAccessKey, region })],
  ])('%s prints it alone', async (words, make) => {
    const { code, stdout, stderr } = await token(...words.split(' '))
    const made = await make()
    const expected = typeof made === 'string' ? made : made.token
    expect([code, stdout, stderr]).toEqual([0, `${expected}\n`, ''])
  })

  it('prints the end beside it, in JSON', async () => {
    const { stdout } = await token('msk', '--region', region, '--json')
    const { token: text, expiresAt } = await tokens.mskToken(own)
    expect(JSON.parse(stdout)).toEqual({ token: text, expiresAt: expiresAt.toJSON() })
    const password = await token('ses', '--region', region, '--format', 'json')
    const made = await tokens.sesSmtpPassword({ secretAccessKey, region })
    expect(JSON.parse(password.stdout)).toEqual({ token: made })
  })

  it.each([
    ['', 'v1'],
    ['{"apiVersion":"client.authentication.k8s.io/v1beta1","spec":{}}', 'v1beta1'],
    ['{"apiVersion":"client.authentication.k8s.io/v1alpha1"', 'v1'],
  ])('is an exec plugin of kubectl that is told %s', async (KUBERNETES_EXEC_INFO, version) => {
    const words = ['token', 'eks', '--cluster', 'production', '--format', 'kubectl', ...DATED]
    const env = { AWS_REGION: region, KUBERNETES_EXEC_INFO }
    const { code, stdout } = await command.run(words, '', env)
    const { token: text } = await tokens.eksToken({ ...own, cluster: 'production' })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      ...{ kind: 'ExecCredential', apiVersion: `client.authentication.k8s.io/${version}` },
      ...{ spec: {}, status: { expirationTimestamp: '2026-03-04T05:20:07Z', token: text } },
    })
  })

  it('prints a caller identity as sign prints a request', async () => {
    const words = ['caller-identity', '--host', 'sts.amazonaws.com', '-H', 'X-Vault-A: b']
    const { code, stdout } = await token(...words, '--region', region, '--json')
    const headers = { 'X-Vault-A': 'b' }
    const signed = await tokens.callerIdentity({ ...own, host: 'sts.amazonaws.com', headers })
    const { method, url, trace } = signed
    expect([code, JSON.parse(stdout)]).toEqual([0, { method, url, headers: signed.headers, trace }])
    const query = await token('caller-identity', '--form', 'query', '--region', region)
    expect(query.stdout).toMatch(/^authorization: AWS4-HMAC-SHA256 /m)
  })

  it.each([
    ['', 'A token is one of rds, '],
    ['toString', 'A token is one of rds, '],
    ['eks --cluster a', 'The region is not told'],
    [`rds --host ${db} --user app`, 'A token of rds needs --port.'],
    [`rds --host ${db} --port 5432x --user app`, 'invalid-url'],
    ['rds --host a/b --port 5432 --user app --region a', 'invalid-url'],
    ['memorydb --cluster a --region a', 'A token of memorydb needs --user.'],
    ['bedrock --region a --expires-in 43201', 'invalid-expiry'],
    ['bedrock --region a --expires-in 1h', '--expires-in is whole seconds.'],
    ['msk --region a --format curl', '--format is token or json.'],
    ['caller-identity --region a --form Body', 'invalid-options'],
  ])('%s is called wrongly', async (words, message) => {
    const { code, stdout, stderr } = await token(...words.split(' ').filter(Boolean))
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)])
    expect(stderr).not.toContain(secretAccessKey)
  })

  it('makes no SMTP password of a session', async () => {
    const env = { AWS_SESSION_TOKEN: exampleSession.sessionToken, AWS_REGION: region }
    const { code, stdout, stderr } = await command.run(['token', 'ses'], '', env)
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('long-term key')])
  })

  it('says that there are no credentials', async () => {
    const env = { AWS_ACCESS_KEY_ID: '', AWS_REGION: region }
    const { code, stdout } = await command.run(['token', 'msk'], '', env)
    expect([code, stdout]).toEqual([3, ''])
  })
})
