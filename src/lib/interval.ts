/** The units, largest first, with their seconds: a year as the calendar has it on the whole. */
const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_556_952],
  ['month', 2_629_746],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** `3 years` of milliseconds, whichever way they go: as many as are over of the largest unit. */
function lengthOf(milliseconds: number): string {
  const seconds = Math.abs(milliseconds) / 1000
  const [name, unit] = UNITS.find(([, unit]) => seconds >= unit) ?? ['second', 1]
  const count = Math.floor(seconds / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** When a time is, as people say it: `3 years ago`, or `in 5 minutes`. */
export function whenIs(time: Date, now: Date): string {
  const distance = Number(time) - Number(now)
  return distance > 0 ? `in ${lengthOf(distance)}` : `${lengthOf(distance)} ago`
}
