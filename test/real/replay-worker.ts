/**
 * One of several processes that verify the same request at the same moment, with one Redis between
 * them: `node --import tsx replay-worker.ts PORT CLIENT`, talked to by messages.
 */
import { type ReceivedRequest, type RedisClient, redisReplayGuard, verify } from 'countersign'
import { Redis } from 'ioredis'
import { createClient } from 'redis'

/** What the parent asks: to verify a request so many times at a time. */
export interface Task {
  readonly request: ReceivedRequest
  readonly secretAccessKey: string
  readonly service: string
  readonly times: number
  /** Milliseconds since 1970. */
  readonly startAt: number
}

/** The verdicts of a task, or that the worker is connected. */
export type Report = readonly string[] | 'ready'

export const CLIENTS = ['redis', 'ioredis'] as const

/** A client of either kind that fails at once where there is no server, as a guard needs it. */
export async function connect(
  kind: (typeof CLIENTS)[number],
  port: number,
): Promise<{ client: RedisClient; close(): void }> {
  if (kind === 'ioredis') {
    const client = new Redis({
      host: '127.0.0.1',
      port,
      enableOfflineQueue: false,
      lazyConnect: true,
    })
    client.on('error', () => {})
    await client.connect()
    return { client, close: () => client.disconnect() }
  }
  const client = createClient({ socket: { host: '127.0.0.1', port }, disableOfflineQueue: true })
  client.on('error', () => {})
  await client.connect()
  return { client, close: () => client.destroy() }
}

async function work(kind: (typeof CLIENTS)[number], port: number): Promise<void> {
  const { client } = await connect(kind, port)
  const replayGuard = redisReplayGuard(client)
  process.on('message', async ({ request, secretAccessKey, service, times, startAt }: Task) => {
    const credentials = (accessKeyId: string) => ({ accessKeyId, secretAccessKey })
    while (Date.now() < startAt) await new Promise(setImmediate)
    const results = await Promise.all(
      Array.from({ length: times }, () => verify(request, { service, credentials, replayGuard })),
    )
    process.send?.(results.map((result) => (result.ok ? 'accepted' : result.reason)))
  })
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

const [, , port, kind] = process.argv
if (process.send && port && kind) await work(kind as (typeof CLIENTS)[number], Number(port))
