import { fail, failWith } from '../model/errors.ts'
import type { ReplayGuard } from '../model/verify-types.ts'

/** How many requests a guard remembers. */
export interface ReplayGuardOptions {
  /** Requests in all; beyond, the guard throws. Default: 100000. */
  limit?: number
  /** Requests of one access key, so that its holder cannot fill the guard for all. Default: half of `limit`. */
  limitPerKey?: number
  /** The clock that ids expire by. Default: the system's. */
  now?: () => Date
}

/** Milliseconds that an id is kept beyond its request: a verifier may have looked at its clock earlier. */
const KEPT = 300_000

/** Ids that expire together: they are let go at once, and none is looked for. */
const MINUTE = 60_000

/**
 * Lets each request in once, remembered in this process. For several machines see
 * {@link redisReplayGuard}.
 *
 * A request that has expired by the guard's own clock is refused, and one that may have been forgotten
 * while that clock was ahead. A guard that is full throws, which
 * `verify` tells as `replay-store-failed`.
 *
 * @throws CountersignError `invalid-options` where a limit is not above 0; `replay-guard-full`, by
 * the guard
 * @example
 * const result = await verify(request, { ...options, replayGuard: createReplayGuard() })
 */
export function createReplayGuard({
  limit = 100_000,
  limitPerKey = Math.ceil(limit / 2),
  now = () => new Date(),
}: ReplayGuardOptions = {}): ReplayGuard {
  if (!(limit > 0 && limitPerKey > 0)) fail('invalid-options', 'a limit above 0')
  const ids = new Set<string>()
  const counts = new Map<string, number>()
  const byMinute = new Map<number, [id: string, accessKeyId: string][]>()
  let looked = 0

  const forget = (minute: number) => {
    if (minute <= looked) return
    looked = minute
    for (const [ends, kept] of byMinute) {
      if (ends >= minute) continue
      for (const [id, key] of kept) {
        ids.delete(id)
        const left = (counts.get(key) ?? 0) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
      }
      byMinute.delete(ends)
    }
  }

  return {
    claim(id, expiresAt, accessKeyId) {
      const time = Number(now())
      forget(Math.floor(time / MINUTE))
      const ends = Math.floor((Number(expiresAt) + KEPT) / MINUTE)
      // Where the clock was ahead once, it may have come, and been forgotten.
      if (ids.has(id) || !(Number(expiresAt) >= time && ends >= looked)) return false
      const count = counts.get(accessKeyId) ?? 0
      if (ids.size >= limit || count >= limitPerKey)
        failWith('replay-guard-full', 'the guard remembers as many requests as it may.')
      const kept = byMinute.get(ends) ?? []
      byMinute.set(ends, kept)
      kept.push([id, accessKeyId])
      ids.add(id)
      counts.set(accessKeyId, count + 1)
      return true
    },
  }
}

/** What is asked of a Redis client; `redis` and `ioredis` both fit. */
export type RedisClient =
  | {
      /** Of `redis`: sends the words of a command, and gives Redis's answer. */
      sendCommand(command: string[]): Promise<unknown>
      /** Of `redis`: whether it is connected; tells the two clients apart. */
      readonly isOpen: boolean
    }
  | {
      /** Of `ioredis`: sends a command and its words, and gives Redis's answer. */
      call(command: string, ...args: string[]): Promise<unknown>
    }

/**
 * Lets each request in once, over all servers that share a Redis: `SET key 1 NX PXAT end`, the end
 * some minutes after the request's own, as Redis has a clock of its own.
 *
 * @example
 * const replayGuard = redisReplayGuard(await createClient().connect())
 */
export function redisReplayGuard(client: RedisClient, prefix = 'countersign:'): ReplayGuard {
  return {
    async claim(id, expiresAt) {
      if (!(Number(expiresAt) >= Date.now())) return false
      const end = String(Number(expiresAt) + KEPT)
      const command = ['SET', `${prefix}${id}`, '1', 'NX', 'PXAT', end]
      const answer = await ('call' in client
        ? client.call(...(command as [string, ...string[]]))
        : client.sendCommand(command))
      // What was long in coming may have been kept for no time, and is no longer let in.
      return answer === 'OK' && Number(expiresAt) >= Date.now()
    },
  }
}
