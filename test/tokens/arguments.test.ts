import { inspect } from 'node:util'
import * as tokens from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { exampleSession } from '../support/example-key.ts'
import { now, region } from './common.ts'

const own = { region, credentials: exampleSession, signingDate: now }
const host = 'db.example.com'

const errorOf = async (made: Promise<unknown>): Promise<tokens.CountersignError> =>
  made.then(
    (value) => expect.fail(`made ${inspect(value)}`),
    (error: unknown) => error as tokens.CountersignError,
  )

/** What stands where a host is wanted, and is none. */
const NO_HOSTS = [
  '',
  'a/b',
  'a?b',
  'a#b',
  'u@a',
  'a b',
  'a\n',
  'a\\b',
  'ü',
  'https://a',
  'a:b',
  'a:',
  undefined,
]

describe('what is no host', () => {
  it.each(NO_HOSTS)('is refused with invalid-url, and no provider is asked: %j', async (wrong) => {
    const given = wrong as string
    let asked = 0
    const credentials = () => {
      asked += 1
      return exampleSession
    }
    const options = { ...own, credentials }
    const made = [
      tokens.rdsToken({ ...options, host: given, port: 5432, user: 'app' }),
      tokens.dsqlToken({ ...options, host: given }),
      tokens.elastiCacheToken({ ...options, cluster: given, user: 'app' }),
      tokens.memoryDbToken({ ...options, cluster: given, user: 'app' }),
      tokens.iotWebSocketUrl({ ...options, host: given }),
      ...(given === undefined ? [] : [tokens.callerIdentity({ ...options, host: given })]),
    ]
    for (const each of made) {
      const { name, code, message } = await errorOf(each)
      expect([name, code, message]).toEqual([
        'CountersignError',
        'invalid-url',
        'invalid-url: pass host.',
      ])
    }
    expect(asked).toBe(0)
  })

  it.each([undefined, '', '5432x', 1.5, -1, '1/?a=b'])('is one with a port of %j', async (port) => {
    const made = tokens.rdsToken({ ...own, host, port: port as number, user: 'app' })
    expect((await errorOf(made)).code).toBe('invalid-url')
  })
})

describe('what is no user', () => {
  it.each(['', undefined, '\ud800', 'a\udc00'])(
    'is refused with invalid-options: %j',
    async (wrong) => {
      const user = wrong as string
      const made = [
        tokens.rdsToken({ ...own, host, port: 5432, user }),
        tokens.elastiCacheToken({ ...own, cluster: 'c', user }),
        tokens.memoryDbToken({ ...own, cluster: 'c', user }),
      ]
      for (const each of made) expect((await errorOf(each)).code).toBe('invalid-options')
    },
  )
})

it.each([undefined, null, 1, 'a\nb', 'ü→'])('a cluster of EKS is not %j', async (wrong) => {
  const error = await errorOf(tokens.eksToken({ ...own, cluster: wrong as string }))
  expect([error.name, error.code]).toEqual(['CountersignError', 'invalid-header'])
})

it.each(['Body', '', 'form'])('callerIdentity has no form %j', async (form) => {
  const error = await errorOf(tokens.callerIdentity({ ...own, form: form as 'body' }))
  expect(error.code).toBe('invalid-options')
})

it('a derived key, good for the day, the region and the service alone, makes one too', async () => {
  const { derivedCredentials } = await import('countersign/credentials')
  const scope = { region, service: 'rds-db', signingDate: now }
  const credentials = await derivedCredentials(exampleSession, scope)
  const options = { host, port: 5432, user: 'app' }
  const { token } = await tokens.rdsToken({ ...own, ...options, credentials })
  expect(token).toBe((await tokens.rdsToken({ ...own, ...options })).token)
  const error = await errorOf(tokens.dsqlToken({ ...own, credentials, host }))
  expect(error.code).toBe('invalid-scope')
})

it('those who watch are told of the key, and for which host', async () => {
  const uses: unknown[] = []
  const onSign = (use: unknown) => uses.push(use)
  await tokens.rdsToken({ ...own, host, port: 5432, user: 'app', onSign })
  await tokens.callerIdentity({ ...own, onSign })
  const { accessKeyId } = exampleSession
  expect(uses).toEqual([
    {
      accessKeyId,
      host: `${host}:5432`,
      credentialScope: '20260304/eu-west-1/rds-db/aws4_request',
    },
    {
      ...{ accessKeyId, host: 'sts.eu-west-1.amazonaws.com' },
      credentialScope: '20260304/eu-west-1/sts/aws4_request',
    },
  ])
})
