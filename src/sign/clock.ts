import { readUrl } from '../canonical/url.ts'
import type { UrlLike } from '../model/types.ts'

/** With more servers than this, what was learnt of them is forgotten. */
const MOST_ORIGINS = 100

/** Our clock, corrected for each server. */
export interface ServerClock {
  /** The time of a server, or our own without an address; all calls of a second share one date, and so one stamp. */
  at(url?: string | UrlLike): Date
  /** Keeps how many milliseconds a server's clock is ahead of ours; gives what was kept before. */
  correct(url: string | UrlLike, offset: number): number
}

// One server's word about the time must not move what is signed for another.
const originOf = (url: string | UrlLike): string => `${readUrl(url, {}).slice(0, 2)}`

/** Makes a clock that has learnt nothing. */
export function serverClock(): ServerClock {
  const offsets = new Map<string, number>()
  let second = 0
  let date: Date
  return {
    at(url) {
      const time = Date.now() + ((offsets.size && url && offsets.get(originOf(url))) || 0)
      if (second !== Math.floor(time / 1000)) {
        second = Math.floor(time / 1000)
        date = new Date(time)
      }
      return date
    },
    correct(url, offset) {
      const origin = originOf(url)
      const before = offsets.get(origin) ?? 0
      if (offsets.size === MOST_ORIGINS) offsets.clear()
      offsets.set(origin, offset)
      return before
    },
  }
}
