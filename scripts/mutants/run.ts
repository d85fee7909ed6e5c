/**
 * The command: `npm run mutants [-- ROOM…] [--mutate FILES]`. Changes the code of a room piece by
 * piece and runs the tests nearest to it: a change that none of them notices survives, and is
 * printed. Exits with 1 below the bar.
 */
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { LogLevel, MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { ROOMS, type Room } from './rooms.ts'
import { scoreOf, shareOf, shown, unfit } from './score.ts'

/** Of the covered mutants, what the tests must notice. */
const BAR = 0.9

function mutantsOf({ name, files, tests }: Room): Promise<MutantResult[]> {
  // Stryker's own testFiles would have what runs once, as a module is loaded, changed too late.
  process.env.MUTANTS_TESTS = tests.join()
  return new Stryker({
    mutate: [...files],
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/mutants/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    plugins: ['@stryker-mutator/vitest-runner', './scripts/mutants/ignore-messages.ts'],
    ignorers: ['messages'],
    ignorePatterns: ['dist', 'docs', '.fuzz', 'reports'],
    concurrency: 1,
    // A change may have a loop take all the memory there is.
    testRunnerNodeArgs: ['--max-old-space-size=1024'],
    // On a machine that is busy with other things, what is slow is not what never ends.
    timeoutMS: 8000,
    incremental: true,
    incrementalFile: `reports/mutants/${name}.json`,
    reporters: ['progress-append-only'],
    tempDirName: '.stryker-tmp',
    allowEmpty: true,
    logLevel: 'error' as LogLevel.Error,
  }).runMutationTest()
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mutate: { type: 'string' } },
})
const rooms = ROOMS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
mkdirSync('reports/mutants', { recursive: true })
let isAbove = rooms.length > 0
for (const room of rooms) {
  const mutants = await mutantsOf(values.mutate ? { ...room, files: [values.mutate] } : room)
  const score = scoreOf(mutants)
  const share = shareOf(score)
  isAbove &&= share >= BAR
  for (const mutant of score.survivors) console.log(`survived: ${shown(mutant)}`)
  for (const mutant of score.uncovered) console.log(`not covered: ${shown(mutant)}`)
  for (const { file, code, by } of unfit(mutants))
    console.log(`no longer equivalent: ${file}\n  - ${code}\n  + ${by}`)
  console.log(
    `${room.name}: ${(100 * share).toFixed(1)} % of the covered mutants: ${score.killed} noticed, ${score.survivors.length} survived; ${score.equivalent} equivalent, ${score.uncovered.length} not covered`,
  )
}
process.exitCode = isAbove ? 0 : 1
