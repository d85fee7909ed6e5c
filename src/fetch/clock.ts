/** An answer moves the clock by seven days at the most: what claims more is not believed. */
const BOUND = 604800_000

/** Further off than this, a clock may be what was refused: AWS takes five minutes. */
const TOLERATED = 240_000

/** A time in an error's text: `<ServerTime>2015-08-30T12:36:00Z`, or `(20150830T123600Z`. */
const WRITTEN = /(?:<ServerTime>|\()(\d[\d:TZ-]+)/
const COMPACT = /^(....)-?(..)-?(..T..):?(..):?/

const BLAMES = /TooSkewed|RequestExpired|InTheFuture|Signature (expired|not yet)/

/**
 * How far the server's clock is ahead of ours, in milliseconds, where that may be why it refused what
 * was signed at `signedAt`: its `Date` is minutes off, or its answer blames the time. Where `Date` is
 * hidden, as from browsers across origins, the time in the error's own text serves. A cached answer
 * (`Age`) tells nothing.
 */
export function clockOffset(
  headers: { get(name: string): string | null },
  text: string,
  signedAt: number,
): number | undefined {
  const written = WRITTEN.exec(text)?.[1]?.replace(COMPACT, '$1-$2-$3:$4:')
  const time = Date.parse(headers.get('date') ?? (written as string))
  const offset = time - Date.now()
  const isBlamed = BLAMES.test(text) || Math.abs(time - signedAt) > TOLERATED
  return /^40[013]/.test(text) && isBlamed && !headers.get('age') && Math.abs(offset) <= BOUND
    ? offset
    : undefined
}
