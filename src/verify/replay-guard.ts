import { fail } from '../model/errors.ts'
import type { ReplayGuard } from '../model/verify-types.ts'

/** How many requests a guard remembers. */
export interface ReplayGuardOptions {
  /**
   * How many requests are remembered at once, above 0. When it is full of those that still live, new
   * ones are refused. Default: 100000.
   */
  limit?: number
  /** Tells the time, by which remembered requests end. Default: the system clock. */
  now?: () => Date
}

/**
 * Lets each request in once, remembered in this process. For several machines see
 * {@link redisReplayGuard}.
 *
 * @throws CountersignError `invalid-options` where the limit is not above 0
 * @example
 * const result = await verify(request, { ...options, replayGuard: createReplayGuard() })
 */
export function createReplayGuard({
  limit = 100_000,
  now = () => new Date(),
}: ReplayGuardOptions = {}): ReplayGuard {
  if (!(limit > 0)) fail('invalid-options', 'a limit above 0')
  const ends = new Map<string, number>()
  return {
    claim(id, expiresAt) {
      const time = Number(now())
      const end = ends.get(id)
      if (end !== undefined && end >= time) return false
      if (ends.size >= limit) for (const [old, until] of ends) if (until < time) ends.delete(old)
      if (ends.size >= limit) return false
      ends.set(id, Number(expiresAt))
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
 * Lets each request in once, over all servers that share a Redis: `SET key 1 NX PXAT end`.
 *
 * @example
 * const replayGuard = redisReplayGuard(await createClient().connect())
 */
export function redisReplayGuard(client: RedisClient, prefix = 'countersign:'): ReplayGuard {
  return {
    async claim(id, expiresAt) {
      // The key lives one millisecond longer, so that the last moment of the request is covered.
      const command = ['SET', `${prefix}${id}`, '1', 'NX', 'PXAT', String(Number(expiresAt) + 1)]
      const answer = await ('call' in client
        ? client.call(...(command as [string, ...string[]]))
        : client.sendCommand(command))
      return answer === 'OK'
    },
  }
}
