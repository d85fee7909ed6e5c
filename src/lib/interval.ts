const SECOND = 1000
const DAY = 86_400 * SECOND

/** The units, largest first, with their milliseconds: a year as the calendar has it on the whole. */
const UNITS: readonly (readonly [name: string, length: number])[] = [
  ['year', 365.2425 * DAY],
  ['month', 30.436875 * DAY],
  ['day', DAY],
  ['hour', 3600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
]

/** `3 years` of milliseconds, whichever way they go: as many as are over of the largest unit. */
function lengthOf(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  const [name, unit] = UNITS.find(([, unit]) => length >= unit) ?? ['second', SECOND]
  const count = Math.floor(length / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** When a time is, as people say it: `3 years ago`, or `in 5 minutes`. */
export function whenIs(time: Date, now: Date): string {
  const distance = Number(time) - Number(now)
  return distance > 0 ? `in ${lengthOf(distance)}` : `${lengthOf(distance)} ago`
}
