import { ensure } from '../model/errors.ts'

/** `20150830T123600Z` of a date of the years 0 to 9999; what is no such date gives a text that is none either. */
export const amzDateOf = (date: Date): string =>
  `${new Date(date).toJSON()}`.replace(/[-:]|\.\d+/g, '')

/** `20150830T123600Z` of a date of the years 0 to 9999, and an error for any other. */
export const formatAmzDate = (date: Date): string => {
  const text = amzDateOf(date)
  // A year of more digits makes it longer, and no date is `null`.
  return ensure(text.length === 16 && text, 'invalid-date', 'signingDate')
}

/** Milliseconds since 1970 of a date, of its text as JSON leaves it, or of seconds; NaN of what is no date. */
export const timeOf = (time: Date | string | number | undefined): number =>
  typeof time === 'number' ? time * 1000 : +new Date(time as Date)

/** The date that `20150830T123600Z` writes, or undefined where the text is no such date. */
export function parseAmzDate(text: string): Date | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined
  const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
  const month = two(4) - 1
  const day = two(6)
  // Date.UTC takes the years before 100 for those of our century: the year comes after, and 2000 has every day.
  const date = new Date(Date.UTC(2000, month, day, two(9), two(11), two(13)))
  date.setUTCFullYear(two(0) * 100 + two(2))
  // Date carries over what is too large, and such a text is no date.
  const plain = two(9) < 24 && two(11) < 60 && two(13) < 60
  return plain && date.getUTCMonth() === month && date.getUTCDate() === day ? date : undefined
}

/** The date of a text in AWS's form, or in any that JavaScript reads; undefined where it is none. */
export function readDate(text: string): Date | undefined {
  const date = parseAmzDate(text) ?? new Date(text)
  return Number.isNaN(Number(date)) ? undefined : date
}

/** `2015-08-30T12:36:00Z` of a date; `null` where it is none. */
export const isoSeconds = (date: Date): string => `${date.toJSON()}`.replace(/\.\d+/, '')
