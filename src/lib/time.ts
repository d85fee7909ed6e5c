import { fail } from '../errors.ts'

/** `20150830T123600Z` for a date; throws `invalid-date` for what is no date of the years 0 to 9999. */
export function formatAmzDate(date: Date): string {
  const milliseconds = Number(date)
  if (!(milliseconds >= -62167219200000 && milliseconds < 253402300800000))
    return fail('invalid-date', 'signingDate must be a valid Date.')
  const iso = new Date(milliseconds).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}

/** The date that `20150830T123600Z` writes, or undefined where the text is no such date. */
export function parseAmzDate(text: string): Date | undefined {
  const part = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!part) return undefined
  const [, year, month, day, hour, minute, second] = part
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // Date accepts the 31st of a short month and moves on to the next; such a text is no date.
  return Number.isNaN(Number(date)) || formatAmzDate(date) !== text ? undefined : date
}
