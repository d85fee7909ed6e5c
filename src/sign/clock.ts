/** An answer moves the clock by seven days at the most: what claims more is not believed. */
const BOUND = 604800_000

/**
 * How far the server's clock is ahead of ours, in milliseconds, where its answer says that the
 * signature's time was the fault; from the `Date` header, or the time in the error's own text,
 * which browsers can read across origins. A cached answer (`Age`) tells nothing.
 */
export function clockOffset(
  headers: { get(name: string): string | null },
  body: string,
): number | undefined {
  const skewed = /RequestTimeTooSkewed|Signature expired|Signature not yet current/.test(body)
  if (!skewed || headers.get('age') !== null) return undefined
  const [, iso = '', amzDate = ''] = /<ServerTime>([^<]+)|\((\d{8}T\d{6}Z) [-+]/.exec(body) ?? []
  const written = amzDate.replace(/(..)(..)T(..)(..)/, '-$1-$2T$3:$4:')
  const time = Date.parse(headers.get('date') ?? (iso || written))
  const offset = time - Date.now()
  return Math.abs(offset) <= BOUND ? offset : undefined
}
