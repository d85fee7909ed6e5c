import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measured, median, ratio } from './measure.ts'
import { figure, printBars, printTable } from './report.ts'

const ROUNDS = 15
const OURS = 'countersign'
const PEERS = ['aws4', 'aws4fetch']

/** Programs that load a package and print how long that took, in milliseconds. */
const PROGRAMS = {
  import: `const start = performance.now()
await import(process.argv[2])
console.log(performance.now() - start)`,
  require: `const start = performance.now()
require(process.argv[2])
console.log(performance.now() - start)`,
}

type Format = keyof typeof PROGRAMS

const FILES: Readonly<Record<Format, string>> = { import: 'import.mjs', require: 'require.cjs' }

/** A project with copies of the packages: a link would cost its package a look at where it leads. */
function install(project: string): void {
  const modules = join(project, 'node_modules')
  for (const path of ['package.json', 'dist'])
    cpSync(path, join(modules, OURS, path), { recursive: true })
  for (const name of PEERS)
    cpSync(join('node_modules', name), join(modules, name), { recursive: true })
  for (const [format, program] of Object.entries(PROGRAMS))
    writeFileSync(join(project, FILES[format as Format]), program)
}

/** Loads each package in a process of its own, in turn, so that a busy moment hits all alike. */
function load(project: string, format: Format): Measured[] {
  const names = [OURS, ...PEERS]
  const times = names.map((): number[] => [])
  const timeOf = (name: string): number =>
    Number(execFileSync(process.execPath, [FILES[format], name], { cwd: project }))
  names.forEach(timeOf)
  for (let round = 0; round < ROUNDS; round++)
    names.forEach((name, at) => {
      times[at]?.push(timeOf(name))
    })
  return names.map((name, at) => {
    const rounds = times[at] ?? []
    return { name, median: median(rounds), min: Math.min(...rounds), rounds }
  })
}

/** What it costs a new process to load the package, beside others. */
export async function bench(): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), 'countersign-cold-'))
  try {
    install(project)
    const imported = load(project, 'import')
    const required = load(project, 'require')
    const [ours, aws4] = imported as [Measured, Measured]
    const rowsOf = (format: Format, results: readonly Measured[]): string[][] =>
      results.map((it) => [
        `${format} ${it.name}`,
        figure(it.median, 1),
        figure(it.min, 1),
        figure(ratio(it, results[1] ?? it)),
      ])
    printTable(
      ['load in a new process', 'ms median', 'ms min', 'x aws4'],
      [...rowsOf('import', imported), ...rowsOf('require', required)],
    )
    console.log()
    printBars([
      {
        text: `import takes at most 0.75 x aws4's, in ${ROUNDS} pairs`,
        actual: ratio(ours, aws4),
        at: { most: 0.75 },
        unit: ' x',
      },
    ])
  } finally {
    rmSync(project, { recursive: true })
  }
}
