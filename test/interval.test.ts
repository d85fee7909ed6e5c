import { expect, it } from 'vitest'
import { whenIs } from '../src/lib/interval.ts'

const now = new Date('2026-11-28T08:00:00Z')

it.each([
  [0, '0 seconds ago'],
  [-1000, '1 second ago'],
  [-59_999, '59 seconds ago'],
  [60_000, 'in 1 minute'],
  [-3 * 3600_000, '3 hours ago'],
  [86_400_000 * 29, 'in 29 days'],
  [-86_400_000 * 31, '1 month ago'],
  [-86_400_000 * 365.25 * 3, '3 years ago'],
])('%d milliseconds from now are %s', (distance, words) =>
  expect(whenIs(new Date(Number(now) + distance), now)).toBe(words),
)
