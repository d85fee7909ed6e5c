import type { Credentials } from '../../model/types.ts'
import type { AccessKey, KeyCalls, LastUse } from './calls.ts'

/** Days after which AWS asks for a new key, and after which one that serves nobody is to go. */
export const MOST_DAYS = 90

const DAY = 86_400_000

/** What is to be said against a key. */
export type Mark = 'old' | 'unused'

/** An access key, how old it is and what it was last used for. */
export interface ListedKey extends AccessKey {
  /** Whole days since it was made. */
  readonly days: number
  readonly lastUse: LastUse | undefined
  readonly marks: readonly Mark[]
  /** Whether it is the one that asks. */
  readonly isCaller: boolean
}

const daysSince = (time: Date, now: Date): number =>
  Math.max(0, Math.floor((Number(now) - Number(time)) / DAY))

/** The keys of whoever asks, the oldest first. */
export async function listKeys(
  calls: KeyCalls,
  by: Credentials,
  now: Date,
): Promise<readonly ListedKey[]> {
  const keys: ListedKey[] = []
  for (const key of await calls.list(by)) {
    const lastUse = await calls.lastUse(by, key.accessKeyId)
    const days = daysSince(key.created, now)
    const isUnused = !lastUse || daysSince(lastUse.time, now) > MOST_DAYS
    const marks: Mark[] = [
      ...(days > MOST_DAYS ? (['old'] as const) : []),
      ...(isUnused ? (['unused'] as const) : []),
    ]
    keys.push({ ...key, days, lastUse, marks, isCaller: key.accessKeyId === by.accessKeyId })
  }
  return keys.sort((one, other) => Number(one.created) - Number(other.created))
}

const MARKS: Readonly<Record<Mark, string>> = {
  old: `older than ${MOST_DAYS} days`,
  unused: `not used in ${MOST_DAYS} days`,
}

/** A key in a line. */
function lineOf({ accessKeyId, status, days, lastUse, marks, isCaller }: ListedKey): string {
  const used = lastUse
    ? `last used ${lastUse.time.toJSON().slice(0, 10)} (${lastUse.service}, ${lastUse.region})`
    : 'never used'
  const age = `${days} ${days === 1 ? 'day' : 'days'} old`
  const said = marks.map((mark) => MARKS[mark]).join(', ')
  const facts = [accessKeyId + (isCaller ? ' (yours)' : ''), status.toLowerCase(), age, used]
  return facts.join(', ') + (said && ` <- ${said}`)
}

/** Keys as lines for a reader. */
export const formatKeys = (keys: readonly ListedKey[]): string =>
  [`Access keys of user ${keys[0]?.userName ?? 'root'}:`, ...keys.map(lineOf)].join('\n')
