/** A server that asks for a longer pause has its answer handed back. */
export const LONGEST_PAUSE = 20_000

/** What a failure of the moment says, with a 400 too; S3's RequestTimeout is of a body that came too slowly. */
export const MOMENTARY: RegExp =
  /^(429|5)|Throttl|SlowDown|TooManyReq|(Limit|Throughput)Exceeded|RequestTimeout/

/**
 * The milliseconds that a server asks to wait; else with full jitter, up to 100 ms before the first retry,
 * and twice as long before each other.
 */
export function pauseOf(headers: Headers, attempt: number): number {
  const asked = headers.get('retry-after') as string & number
  const wait = Number(
    headers.get('x-amz-retry-after') ?? (asked * 1000 || Date.parse(asked) - Date.now()),
  )
  return wait > 0 ? wait : Math.random() * Math.min(LONGEST_PAUSE, 100 * 2 ** attempt)
}
