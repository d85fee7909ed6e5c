import { readUrl } from '../canonical/url.ts'
import type { UrlLike } from '../model/types.ts'

/** With more servers than this, what was learnt of them is forgotten. */
const MOST_ORIGINS = 100

/** Our clock, corrected for the server that is called. */
export interface ServerClock {
  /** The time of the server that was called last; all calls of a second share one date, and so one stamp. */
  now(): Date
  /** Turns to the server of an address; without one, to our own time. */
  turnTo(url?: string | UrlLike): void
  /** Keeps how many milliseconds a server's clock is ahead of ours; gives what was kept before. */
  correct(url: string | UrlLike, offset: number): number
}

// One server's word about the time must not move what is signed for another.
const originOf = (url: string | UrlLike): string => readUrl(url, {}).slice(0, 2).join('')

/** Makes a clock that has learnt nothing. */
export function serverClock(): ServerClock {
  const offsets = new Map<string, number>()
  let offset = 0
  let second: number | undefined
  let date: Date
  return {
    now() {
      const time = Date.now() + offset
      if (second !== Math.floor(time / 1000)) {
        second = Math.floor(time / 1000)
        date = new Date(time)
      }
      return date
    },
    turnTo(url) {
      offset = (offsets.size && url && offsets.get(originOf(url))) || 0
    },
    correct(url, corrected) {
      const origin = originOf(url)
      const before = offsets.get(origin) ?? 0
      if (offsets.size === MOST_ORIGINS) offsets.clear()
      offsets.set(origin, corrected)
      return before
    },
  }
}
