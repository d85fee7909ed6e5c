import { describe, expect, it } from 'vitest'
import { amzDateOf, formatAmzDate, isoSeconds, parseAmzDate, readDate } from '../../src/lib/time.ts'
import { fc } from '../support/properties.ts'

const dates = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('a date', () => {
  it('comes back from its text, without the fraction of its second', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const text = formatAmzDate(date)
        expect(text).toMatch(/^\d{8}T\d{6}Z$/)
        expect(Number(parseAmzDate(text))).toBe(Math.floor(Number(date) / 1000) * 1000)
      }),
      { numRuns: 1000 },
    )
  })

  const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
  const texts = fc.oneof(
    fc.tuple(digits(8), digits(6)).map(([day, time]) => `${day}T${time}Z`),
    fc.tuple(dates, fc.string({ maxLength: 2 })).map(([date, more]) => formatAmzDate(date) + more),
    fc.constantFrom('20150230T000000Z', '20150831T240000Z', '20150830T125960Z', 'T', ''),
    fc.string(),
  )

  it('is read from the one spelling that it is written in, and from nothing else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const date = parseAmzDate(text)
        expect(date === undefined || formatAmzDate(date) === text).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('is told from what has another number of digits in its year, or is no date, without an error', () => {
    const others = fc
      .date({ noInvalidDate: false })
      .filter((date) => !(date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999))
    fc.assert(
      fc.property(others, (date) => {
        expect(parseAmzDate(amzDateOf(date))).toBeUndefined()
        expect(() => formatAmzDate(date)).toThrow(expect.objectContaining({ code: 'invalid-date' }))
      }),
    )
  })

  it('is read from what JavaScript reads too', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(readDate(formatAmzDate(date))).toEqual(parseAmzDate(formatAmzDate(date)))
        expect(readDate(date.toISOString())).toEqual(date)
        expect(readDate(isoSeconds(date))).toEqual(parseAmzDate(formatAmzDate(date)))
      }),
    )
    expect(readDate('noon')).toBeUndefined()
    expect(isoSeconds(new Date('2015-08-30T12:36:00.5Z'))).toBe('2015-08-30T12:36:00Z')
  })
})
