import { afterEach, beforeEach, vi } from 'vitest'
import { exampleKey, exampleSession } from '../support/example-key.ts'

export const region = 'eu-west-1'
export const now = new Date('2026-03-04T05:06:07Z')

/** The keys that every token is made with: one of a person, and one of a session. */
export const KEYS = [
  ['a long-term key', exampleKey],
  ['a session', exampleSession],
] as const

export type Key = (typeof KEYS)[number][1]

/** Stops the clock at `now`, for makers that take no date. */
export function stopClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

/** A URL without its scheme: what stands before the query, as it is written, and the query's parameters by name. */
export function partsOf(url: string): { host: string; parameters: [string, string][] } {
  const [before = '', query = ''] = url.replace(/^\w+:\/\//, '').split('?')
  return { host: before.replace(/\/$/, ''), parameters: [...new URLSearchParams(query)].sort() }
}

/** The text behind base64, of a URL or not. */
export const decoded = (text: string): string => Buffer.from(text, 'base64').toString()
