import { ensure } from '../errors.ts'

/** `20150830T123600Z` for a date of the years 0 to 9999. */
export const formatAmzDate = (date: Date): string => {
  const iso = /^\d{4}-.{14}/.exec(`${new Date(date).toJSON()}`)
  return `${ensure(iso, 'invalid-date', 'a valid signingDate')[0].replace(/[-:]/g, '')}Z`
}

/** The date that `20150830T123600Z` writes, or undefined where the text is no such date. */
export function parseAmzDate(text: string): Date | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const date = new Date(iso)
  // Date accepts the 31st of a short month and moves on to the next; such a text is no date.
  return iso === text || Number.isNaN(Number(date)) || formatAmzDate(date) !== text
    ? undefined
    : date
}
