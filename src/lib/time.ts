import { ensure } from '../model/errors.ts'

/** `20150830T123600Z` for a date of the years 0 to 9999. */
export const formatAmzDate = (date: Date): string => {
  const iso = `${new Date(date).toJSON()}`
  // A year beyond 9999 has a sign before it, and no date is `null`.
  ensure(iso.length === 24, 'invalid-date', 'a valid signingDate')
  const part = (from: number, to: number) => iso.slice(from, to)
  return `${part(0, 4)}${part(5, 7)}${part(8, 13)}${part(14, 16)}${part(17, 19)}Z`
}

/** The date that `20150830T123600Z` writes, or undefined where the text is no such date. */
export function parseAmzDate(text: string): Date | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined
  const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
  const month = two(4) - 1
  const day = two(6)
  // A leap year first, as Date.UTC takes the years before 100 for those of our century.
  const date = new Date(Date.UTC(2000, month, day, two(9), two(11), two(13)))
  date.setUTCFullYear(two(0) * 100 + two(2))
  // Date carries what is too large over; such a text is no date.
  const plain = two(9) < 24 && two(11) < 60 && two(13) < 60
  return plain && date.getUTCMonth() === month && date.getUTCDate() === day ? date : undefined
}
