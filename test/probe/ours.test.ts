import { sign } from 'countersign'
import { createVerifyingServer, probe, type VerifyingServer } from 'countersign/testing'
import { afterEach, expect, it } from 'vitest'
import { CASES } from '../../src/probe/cases/all.ts'
import { exampleKey, exampleSession } from '../support/example-key.ts'
import { LONG, results, s3, wrong } from './common.ts'

let server: VerifyingServer
afterEach(() => server?.close())

/** The keys that are left in the bucket. */
async function keysLeft(): Promise<string[]> {
  const options = { service: 's3', region: 'us-east-1', credentials: exampleKey }
  const signed = await sign({ url: `${server.url}/bucket?list-type=2` }, options)
  const response = await fetch(signed.url, signed)
  return (await response.text()).match(/<Key>[^<]*/g) ?? []
}

it(
  'createVerifyingServer lets nothing wrong in, refuses nothing right, and answers as AWS',
  async () => {
    server = await createVerifyingServer({ service: 's3', region: 'us-east-1' })
    const all = await results({ ...s3, url: server.url, credentials: exampleKey })
    expect(wrong(all)).toEqual([])
    expect(all.length).toBeGreaterThan(400)
    expect(all.filter(({ kind }) => kind === 'good').length).toBeGreaterThan(120)
    expect(await keysLeft()).toEqual([])
  },
  LONG,
)

it(
  'nor for a session, whose token is in nothing that is told',
  async () => {
    const rules = { service: 's3', region: 'us-east-1', credentials: exampleSession }
    server = await createVerifyingServer(rules)
    const only = ['tokens', 'forms', 'presigned', 'first']
    const options = { ...s3, url: server.url, credentials: exampleSession, only: only.slice(0, 3) }
    const all = await results(options)
    expect(wrong(all)).toEqual([])
    expect(all.filter(({ group }) => group === 'tokens')).toHaveLength(9)
    const { sessionToken, secretAccessKey } = exampleSession
    const told = JSON.stringify(all)
    for (const secret of [sessionToken, encodeURIComponent(sessionToken), secretAccessKey])
      expect(told).not.toContain(secret)
    expect(told).not.toContain(btoa(sessionToken).slice(0, 12))
  },
  LONG,
)

it(
  'nor for another service, of which one call is made again and again',
  async () => {
    server = await createVerifyingServer({ service: 'dynamodb', region: 'eu-west-1' })
    const all = await results({
      ...{ url: server.url, service: 'dynamodb', region: 'eu-west-1', credentials: exampleKey },
      ...{ body: '{}', headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, timeout: 60 },
    })
    expect(wrong(all)).toEqual([])
    expect(all.length).toBeGreaterThan(180)
    expect(new Set(server.verdicts.map(({ request }) => request.method))).toContain('POST')
  },
  LONG,
)

it('removes what it wrote where the loop is left early', async () => {
  server = await createVerifyingServer({ service: 's3', region: 'us-east-1' })
  for await (const { group } of probe({
    ...s3,
    url: server.url,
    credentials: exampleKey,
    only: ['paths'],
  }))
    if (group === 'paths') break
  expect(server.verdicts.some(({ operation }) => operation === 'PutObject')).toBe(true)
  expect(await keysLeft()).toEqual([])
})

it('stops at the first request where the key is not let in', async () => {
  server = await createVerifyingServer({ service: 's3', region: 'us-east-1' })
  const credentials = { ...exampleKey, secretAccessKey: 'another' }
  const [first, ...more] = await results({ ...s3, url: server.url, credentials })
  expect(first).toMatchObject({ name: 'first', verdict: 'wrongly-refused' })
  expect(first?.message).toMatch(/^It was refused: 403 SignatureDoesNotMatch\./)
  expect(more).toEqual([])
})

it('judges by the clock of the server', async () => {
  const now = () => new Date(Date.now() + 86_400_000)
  server = await createVerifyingServer({ service: 's3', region: 'us-east-1', now })
  const options = { ...s3, url: server.url, credentials: exampleKey, only: ['late', 'early'] }
  expect((await results(options)).map(({ verdict }) => verdict)).toEqual(Array(3).fill('right'))
})

it.each([
  [{ url: 'http://example.com/' }, 'invalid-url'],
  [{ url: 'https://127.0.0.1.example.com/' }, 'invalid-url'],
  [{ url: 'ftp://127.0.0.1/' }, 'invalid-url'],
  [{ url: 'nowhere' }, 'invalid-url'],
  [{ only: ['no-such-case'] }, 'invalid-options'],
  [{ replays: 'perhaps' as never }, 'invalid-options'],
  [{ timeout: 0 }, 'invalid-options'],
  [{ region: '' }, 'invalid-scope'],
])('%j is refused before anything is sent', async (options, code) => {
  const given = { ...s3, url: 'http://127.0.0.1:1/', credentials: exampleKey, ...options }
  await expect(results(given)).rejects.toMatchObject({ code })
})

it('every case has a name of its own and a source, each bad one an answer and an attack', () => {
  const names = CASES.map(({ name }) => name)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  const lacking = CASES.filter(
    ({ kind, attack, source, answers }) =>
      !/^https:\/\//.test(source) ||
      (kind === 'bad' && answers.length === 0) ||
      (kind === 'good') !== (answers.length === 0 && attack === undefined),
  )
  expect(lacking).toEqual([])
})
