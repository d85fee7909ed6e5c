import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { PLANTED, TARGETS } from './targets.ts'

/** A minute where nothing waits for it. */
const SECONDS = process.env.CI ? '60' : '10'

const fuzz = (...words: string[]) =>
  spawnSync('npx', ['tsx', '--no-opt', 'test/fuzz/main.ts', ...words], { encoding: 'utf8' })

describe('the fuzzer', () => {
  it('finds nothing in what strangers send', { timeout: 600_000 }, () => {
    const { stdout, status } = fuzz(SECONDS)
    expect(stdout).not.toMatch(/1 finding/)
    expect(stdout.match(/no finding/g)).toHaveLength(Object.keys(TARGETS).length)
    expect(status).toBe(0)
  })

  it.each(Object.keys(PLANTED))(
    'finds the %s, and saves the input',
    { timeout: 300_000 },
    (name) => {
      // The seed has been seen to find it; each finding ends the hunt.
      const { stdout, status } = fuzz('60', name, '--seed', '1')
      expect(status).toBe(1)
      const [, file = ''] = /--replay (\S+)/.exec(stdout) ?? []
      const again = fuzz('--replay', file)
      expect(again.stdout).toMatch(/planted|takes \d+ ms/)
      expect(again.status).toBe(1)
    },
  )
})
