/**
 * The command: `npm run fuzz -- [SECONDS] [TARGET…] [--seed NUMBER] [--replay FILE]`.
 *
 * Tries changed inputs on each target for its share of the time, and exits with 1 on a finding, whose
 * input it saves in `.fuzz`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { attempt } from './attempt.ts'
import type { Found, Report } from './hunt.ts'
import { TARGETS, targetOf } from './targets.ts'
import { watch } from './watch.ts'

const FOLDER = '.fuzz'

function save(name: string, { input }: Found): string {
  mkdirSync(FOLDER, { recursive: true })
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 12)
  const file = join(FOLDER, `${name}.${hash}`)
  writeFileSync(file, input)
  return file
}

function print(name: string, { runs, reached, corpus, dearest, found }: Report): void {
  const [bySeeds, inAll, entered] = reached
  const share = Math.round((100 * inAll) / (entered || 1))
  const [cost, bytes] = dearest
  console.log(
    [
      name.padEnd(17),
      `${runs} runs`.padStart(12),
      `${inAll} characters of code, ${share} % of what is entered`.padStart(48),
      `(${inAll - bySeeds} beyond the seeds)`.padStart(24),
      `${corpus} inputs kept`.padStart(18),
      `dearest ${cost.toFixed(1)} ms, ${bytes} bytes`.padStart(32),
      found ? '  1 finding' : '  no finding',
    ].join(' '),
  )
  if (found)
    console.log(
      `  ${found.wrong.split('\n').join('\n  ')}\n  replay: npm run fuzz -- --replay ${save(name, found)}`,
    )
}

async function replay(file: string): Promise<boolean> {
  const [name = ''] = basename(file).split('.')
  const { wrong, cost } = await attempt(await targetOf(name), readFileSync(file))
  console.log(`${name}: ${wrong ?? 'nothing is wrong'} (${cost.toFixed(1)} ms)`)
  return wrong === undefined
}

async function huntAll(names: readonly string[], seconds: number, seed: number): Promise<boolean> {
  console.log(`${seconds} seconds, seed ${seed}`)
  let isClean = true
  for (const name of names) {
    const report = await watch({ name, seed, seconds: seconds / names.length })
    print(name, report)
    isClean &&= report.found === undefined
  }
  return isClean
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, replay: { type: 'string' } },
})
const seconds = Number(positionals.find((word) => /^\d+$/.test(word)) ?? 60)
const names = positionals.filter((word) => !/^\d+$/.test(word))
const isClean = values.replay
  ? await replay(values.replay)
  : await huntAll(
      names.length > 0 ? names : Object.keys(TARGETS),
      seconds,
      Number(values.seed ?? Date.now() % 1e9),
    )
process.exitCode = isClean ? 0 : 1
