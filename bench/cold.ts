import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Measured, median, ratio } from './measure.ts'
import { figure, printBars, printTable } from './report.ts'

const ROUNDS = 15
const OURS = 'countersign'
const PEERS = ['aws4', 'aws4fetch']
const NAMES = [OURS, ...PEERS]

/** How each package signs its first request, in a program where it is called `it`. */
const SIGNS: Readonly<Record<string, string>> = {
  countersign: `await it.createSigner({ service: 's3', region: 'eu-west-1', credentials })
    .sign({ url: 'https://bucket.s3.eu-west-1.amazonaws.com/key' })`,
  aws4: `(it.default ?? it).sign({ service: 's3', region: 'eu-west-1', path: '/key',
    host: 'bucket.s3.eu-west-1.amazonaws.com' }, credentials)`,
  aws4fetch: `await new it.AwsV4Signer({ ...credentials, service: 's3', region: 'eu-west-1',
    url: 'https://bucket.s3.eu-west-1.amazonaws.com/key' }).sign()`,
}

const CREDENTIALS = "{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }"

/** A program that loads a package, then may sign, and prints how long that took, in milliseconds. */
const program = (load: string, sign = ''): string => `(async () => {
const credentials = ${CREDENTIALS}
const start = performance.now()
const it = ${load}
;${sign}
console.log(performance.now() - start)
})()`

/** The files of a project for one package: what is measured, and the program that does it. */
const programsOf = (name: string): Readonly<Record<string, string>> => ({
  'import.mjs': program(`await import('${name}')`),
  'require.cjs': program(`require('${name}')`),
  'sign.mjs': program(`await import('${name}')`, SIGNS[name]),
})

/** A project with copies of the packages: a link would cost its package a look at where it leads. */
function install(project: string): void {
  const modules = join(project, 'node_modules')
  for (const path of ['package.json', 'dist'])
    cpSync(path, join(modules, OURS, path), { recursive: true })
  for (const name of PEERS)
    cpSync(join('node_modules', name), join(modules, name), { recursive: true })
  for (const name of NAMES)
    for (const [file, text] of Object.entries(programsOf(name)))
      writeFileSync(join(project, `${name}-${file}`), text)
}

/** Runs each package's program in a process of its own, in turn: a busy moment hits all alike. */
function run(project: string, file: string): Measured[] {
  const lanes = NAMES.map((name) => ({ name, rounds: [] as number[] }))
  const timeOf = (name: string): number =>
    Number(execFileSync(process.execPath, [`${name}-${file}`], { cwd: project }))
  for (const { name } of lanes) timeOf(name)
  for (let round = 0; round < ROUNDS; round++)
    for (const { name, rounds } of lanes) rounds.push(timeOf(name))
  return lanes.map(({ name, rounds }) => ({
    ...{ name, rounds },
    ...{ median: median(rounds), min: Math.min(...rounds) },
  }))
}

const rowsOf = (what: string, results: readonly Measured[]): string[][] =>
  results.map((it) => [
    `${what} ${it.name}`,
    ...[figure(it.median, 1), figure(it.min, 1), figure(ratio(it, results[1] ?? it))],
  ])

/** What it costs a new process to load the package, and to sign once, beside others. */
export async function bench(): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), 'countersign-cold-'))
  try {
    install(project)
    const imported = run(project, 'import.mjs')
    const [ours, aws4] = imported as [Measured, Measured]
    printTable(
      ['in a new process', 'ms median', 'ms min', 'x aws4'],
      [
        ...rowsOf('import', imported),
        ...rowsOf('require', run(project, 'require.cjs')),
        // Node's own crypto is read by whoever signs first; aws4 reads it when it is imported.
        ...rowsOf('import and sign once:', run(project, 'sign.mjs')),
      ],
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
