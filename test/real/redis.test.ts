import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { presign, redisReplayGuard, sign, verify } from 'countersign'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arriving, credentials } from '../verify/common.ts'
import { describeWithPart, startRedis } from './parts.ts'
import { CLIENTS, connect, type Report, type Task } from './replay-worker.ts'

const WORKERS = 4
const ROUNDS = 20
const file = fileURLToPath(new URL('./replay-worker.ts', import.meta.url))
const options = { service: 'execute-api', region: 'us-east-1', credentials }
const verifying = { service: 'execute-api', credentials: () => credentials }

/** A request that nobody has seen before. */
let nonces = 0
const fresh = async (verb: typeof sign | typeof presign = sign) =>
  arriving(
    await verb({ url: `https://abc.example.com/a?nonce=${process.pid}-${nonces++}` }, options),
  )

describeWithPart('redis', 'a replay guard in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())

  describe('between processes', () => {
    let workers: ChildProcess[] = []
    beforeAll(async () => {
      const kinds = CLIENTS.flatMap((kind) => Array.from({ length: WORKERS / 2 }, () => kind))
      workers = kinds.map((kind) =>
        fork(file, [String(redis.port), kind], { execArgv: ['--import', 'tsx'] }),
      )
      await Promise.all(workers.map(report))
    })
    afterAll(async () => {
      for (const worker of workers) worker.disconnect()
      await Promise.all(workers.map((worker) => worker.exitCode === null && once(worker, 'exit')))
    })

    /** The next report of a worker. */
    async function report(worker: ChildProcess): Promise<Report> {
      const over = new AbortController()
      const { signal } = over
      try {
        const [message] = await Promise.race([
          once(worker, 'message', { signal }),
          once(worker, 'exit', { signal }).then(([code]) => expect.fail(`a worker ended: ${code}`)),
        ])
        return message as Report
      } finally {
        over.abort()
      }
    }

    const round = async (task: Omit<Task, 'startAt'>): Promise<string[]> => {
      const reports = workers.map(report)
      const startAt = Date.now() + 30
      for (const worker of workers) worker.send({ ...task, startAt } satisfies Task)
      return (await Promise.all(reports)).flat()
    }

    it.each(Array.from({ length: ROUNDS }, (_, at) => at + 1))(
      'one request that many verify at a time is accepted once, in round %d',
      async (nth) => {
        const request = await fresh(nth % 2 ? sign : presign)
        const { service } = options
        const { secretAccessKey } = credentials
        const verdicts = await round({ request, secretAccessKey, service, times: 3 })
        const expected = Array.from({ length: WORKERS * 3 }, (_, at) =>
          at ? 'replayed' : 'accepted',
        )
        expect(verdicts.sort()).toEqual(expected)
        // Nor is it accepted later, or by a verifier of this process.
        const { client, close } = await connect(CLIENTS[nth % 2] as 'redis', redis.port)
        const again = await verify(request, { ...verifying, replayGuard: redisReplayGuard(client) })
        close()
        expect(again).toMatchObject({ reason: 'replayed' })
      },
    )

    it('a request that is refused is not used up', async () => {
      const request = await fresh()
      const { secretAccessKey } = credentials
      const task = { request, service: 'execute-api', times: 3 }
      const refused = await round({ ...task, secretAccessKey: 'another' })
      expect(new Set(refused)).toEqual(new Set(['signature-mismatch']))
      const verdicts = await round({ ...task, secretAccessKey })
      expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(1)
    })
  })

  it.each(CLIENTS)(
    'keeps an id by %s until the request has ended, and nothing else',
    async (kind) => {
      const reader = createClient({ socket: { host: '127.0.0.1', port: redis.port } })
      await reader.connect()
      await reader.flushAll()
      const { client, close } = await connect(kind, redis.port)
      const replayGuard = redisReplayGuard(client, 'test:')
      const verified = await verify(await fresh(), { ...verifying, replayGuard })
      expect(verified.ok).toBe(true)
      const names = await reader.keys('*')
      expect(names).toEqual([expect.stringMatching(/^test:[\da-f]{64}$/)])
      const end = await reader.sendCommand(['PEXPIRETIME', names[0] as string])
      // Some minutes longer, as a verifier may have looked at its clock earlier.
      expect(end).toBe(Number((verified as { expiresAt: Date }).expiresAt) + 300_000)
      expect(await reader.get(names[0] as string)).toBe('1')
      const claim = (id: string, end: number) => replayGuard.claim(id, new Date(end), 'AKID')
      // What has ended is refused: Redis answers OK to an end that has passed.
      const past = Date.now() - 1000
      expect([await claim('a', past), await claim('a', past)]).toEqual([false, false])
      const soon = Date.now() + 300
      expect([await claim('b', soon), await claim('b', soon)]).toEqual([true, false])
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect(await claim('b', Date.now() + 300)).toBe(false)
      close()
      reader.destroy()
    },
  )

  it.each(CLIENTS)(
    'says by %s that the server is full or gone, and lets nothing in',
    async (kind) => {
      const own = await startRedis()
      const { client, close } = await connect(kind, own.port)
      const reader = createClient({ socket: { host: '127.0.0.1', port: own.port } })
      reader.on('error', () => {})
      await reader.connect()
      const guarded = async () =>
        verify(await fresh(), { ...verifying, replayGuard: redisReplayGuard(client) })
      expect(await guarded()).toMatchObject({ ok: true })
      await reader.configSet('maxmemory', '1')
      expect(await guarded()).toMatchObject({ reason: 'replay-store-failed', status: 503 })
      await reader.configSet('maxmemory', '0')
      expect(await guarded()).toMatchObject({ ok: true })
      reader.destroy()
      await own.stop()
      expect(await guarded()).toMatchObject({ reason: 'replay-store-failed', status: 503 })
      close()
    },
  )
})
