import { ensure } from '../errors.ts'

/** `20150830T123600Z` for a date of the years 0 to 9999. */
export const formatAmzDate = (date: Date): string => {
  const iso = /^\d{4}-.{14}/.exec(`${new Date(date).toJSON()}`)
  return `${ensure(iso, 'invalid-date', 'a valid signingDate')[0].replace(/[-:]/g, '')}Z`
}

/** The date that `20150830T123600Z` writes, or undefined where the text is no such date. */
export function parseAmzDate(text: string): Date | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined
  const part = (from: number, to: number) => Number(text.slice(from, to))
  const [month, day, hour] = [part(4, 6), part(6, 8), part(9, 11)]
  const date = new Date(0)
  date.setUTCFullYear(part(0, 4), month - 1, day)
  date.setUTCHours(hour, part(11, 13), part(13, 15))
  // Date carries what is too large over; such a text is no date.
  const plain = hour < 24 && part(11, 13) < 60 && part(13, 15) < 60
  return plain && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined
}
