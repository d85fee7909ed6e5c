import { describe, expect, it } from 'vitest'
import { findingSaid } from '../../src/cli/explain/said.ts'
import { FLAG_NAMES } from '../../src/cli/flags.ts'
import { CAUSES } from '../../src/explain/report/causes.ts'
import type { MismatchCause } from '../../src/explain/types.ts'

const all = Object.entries(CAUSES) as [MismatchCause, readonly [string, string]][]

describe('what explain says on the command line', () => {
  it.each(all)('of %s names flags, and no option of the library', (cause, [message, advice]) => {
    for (const side of ['client', 'server'] as const) {
      const said = findingSaid({ cause, message, advice }, side)
      const text = `${said.message} ${said.advice}`
      // Options and functions are the words that have a capital within.
      expect(text).not.toMatch(/\b[a-z]+[A-Z]\w*|'(hosts|plus)'|plus '|\breq\./)
      for (const [, flag] of text.matchAll(/--([a-z-]+)/g)) expect(FLAG_NAMES).toContain(flag)
      expect(said.cause).toBe(cause)
    }
  })

  it('would find an option', () => {
    const named = all.filter(([, words]) => /\b[a-z]+[A-Z]\w*/.test(words.join(' ')))
    expect(named.length).toBeGreaterThan(10)
  })
})
