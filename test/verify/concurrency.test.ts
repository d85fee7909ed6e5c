import { setTimeout as delay } from 'node:timers/promises'
import {
  createReplayGuard,
  createVerifier,
  type ReceivedRequest,
  type Refused,
  type Verified,
  type VerifyOptions,
  verify,
} from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { arriving, now } from './common.ts'
import { REFUSED } from './refusals.ts'

/** The same numbers in every run. */
let seed = 20150830
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T

const keys = Array.from({ length: 25 }, (_, index) => ({
  accessKeyId: `AKID${index}`,
  secretAccessKey: `secret ${index}`,
  ...(index % 3 === 0 && { sessionToken: `token ${index}`.replace(' ', '') }),
}))
/** Every fifth key is in rotation: an old secret serves beside the new one. */
const stored = new Map(
  keys.map((key, index) => [
    key.accessKeyId,
    index % 5 === 0 ? [{ ...key, secretAccessKey: 'old' }, key] : [key],
  ]),
)

function goodRequest() {
  const service = pick(['s3', 'execute-api', 'sqs'])
  const verb = pick([sync.sign, sync.presign])
  const path = pick(['/', '/a b', '/ü//c', '/a?b=c&a=1', '/prod/items?x'])
  return arriving(
    verb(
      {
        method: pick(['GET', 'PUT', 'POST']),
        url: `https://h${random(9)}.example.com${path}`,
        body: pick(['', 'a', '{"b":1}']),
      },
      {
        ...{ service, region: pick(['us-east-1', 'eu-west-1']), credentials: pick(keys) },
        signingDate: new Date(Number(now) - random(600) * 1000),
      },
    ),
  )
}

const others = Object.entries(REFUSED).flatMap(([, [, ...cases]]) =>
  cases.map(([request]) => request),
)
/** Half of them good, the others wrong in every way there is. */
const requests: readonly ReceivedRequest[] = Array.from({ length: 5000 }, () => {
  const request = goodRequest()
  if (random(2)) return request
  const { authorization = '' } = request.headers as Record<string, string>
  return pick<() => ReceivedRequest>([
    () => ({ ...request, method: 'DELETE' }),
    () => ({ ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}z` }),
    () => ({ ...request, url: request.url.replace(/AKID\d/, 'NONE') }),
    () => ({ ...request, body: 'other' }),
    () => ({ ...request, headers: { ...request.headers, host: 'other' } }),
    () => ({
      ...request,
      headers: { ...request.headers, authorization: authorization.replace('AKID', 'NONE') },
    }),
    () => pick(others),
  ])()
})

const options = {
  service: 'any',
  now,
  credentials: (id: string) => stored.get(id),
} satisfies sync.SyncVerifyOptions

/** All of an outcome but the trace of a refusal. */
const outcomeOf = (result: Verified | Refused) =>
  result.ok
    ? { ...result, credentials: result.credentials }
    : { reason: result.reason, status: result.status }

const alone = requests.map((request) => outcomeOf(sync.verify(request, options)))

/** A lookup as of a database: each answer comes when it comes. */
const late = async (id: string) => {
  const time = Math.random() * 20
  if (time > 5) await delay(time)
  else if (time > 2) await new Promise(setImmediate)
  return stored.get(id)
}

describe('five thousand requests in flight', () => {
  it('are good and bad ones, of every kind', () => {
    const reasons = new Set(
      alone.map((outcome) => ('reason' in outcome ? outcome.reason : 'accepted')),
    )
    expect(alone.filter((outcome) => 'ok' in outcome).length).toBeGreaterThan(2000)
    expect(reasons.size).toBeGreaterThan(8)
  })

  it.each<
    [
      string,
      (more: Partial<VerifyOptions>) => (request: ReceivedRequest) => Promise<Verified | Refused>,
    ]
  >([
    ['one verifier', (more) => createVerifier({ ...options, ...more }).verify],
    ['verify itself', (more) => (request) => verify(request, { ...options, ...more })],
  ])('31. are judged by %s as each is alone', async (_, verifierOf) => {
    for (const more of [{ credentials: late }, { credentials: late, crypto: web }]) {
      const check = verifierOf(more)
      const results = await Promise.all(requests.map((request) => check(request)))
      expect(results.map(outcomeOf)).toEqual(alone)
    }
  })

  it('31. leave a verifier as good as new', async () => {
    const verifier = createVerifier({ ...options, credentials: late })
    await Promise.all(requests.map((request) => verifier.verify(request)))
    for (const [at, request] of requests.slice(0, 500).entries())
      expect(outcomeOf(await verifier.verify(request))).toEqual(alone[at])
  })

  it('27. are let in once each, however many of one come together', async () => {
    const replayGuard = createReplayGuard({ now: () => now })
    const verifier = createVerifier({ ...options, credentials: late, replayGuard })
    const distinct = [
      ...new Map(requests.map((request) => [JSON.stringify(request), request])).values(),
    ]
    const good = distinct.filter((request) => sync.verify(request, options).ok).slice(0, 300)
    const results = await Promise.all(
      [0, 1, 2, 3].flatMap(() => good.map((request) => verifier.verify(request))),
    )
    const signatures = new Set(
      good.map((request) => JSON.stringify(request).match(/Signature=(\w+)/)?.[1]),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(signatures.size)
    for (const result of results) if (!result.ok) expect(result.reason).toBe('replayed')
  })
})
