/**
 * Prints the matrix: every runtime and place, by entry and suite. A cell has how many checks hold, or
 * the code with which the place must refuse them, and does. What is red is printed in full, and the
 * exit code is 1. A runtime that cannot be had is named with the command that failed, which is an
 * error under COUNTERSIGN_REQUIRE_PARTS=1.
 *
 *   npm run runtimes [PART…]
 */
import { execFileSync } from 'node:child_process'
import { requirePart } from '../real/parts.ts'
import { type Column, columnsOf, goodCell } from './cells.ts'
import { computeFacts } from './facts.ts'
import type { Runtime } from './runtime.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Report } from './station.ts'
import { SERVER_SUITES } from './suite/server-suites.ts'
import type { Place } from './suite/task.ts'

const COLUMNS = columnsOf(SERVER_SUITES)
const REQUIRED = process.env.COUNTERSIGN_REQUIRE_PARTS === '1'

/** What its own command prints of its version; throws with the command where it cannot be had. */
function versionOf({ part, version, title }: Runtime): string {
  const [command = '', ...args] = version
  try {
    requirePart(part)
    const printed = execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' })
    return /\d[\w.-]*/.exec(printed)?.[0] ?? printed.trim()
  } catch (error) {
    const { message } = error as Error
    throw new Error(`${title} cannot be had: ${version.join(' ')}: ${message.trim()}`)
  }
}

const MARKS = '¹²³⁴'
const codes: string[] = []
const red: string[] = []
const facts = await computeFacts()

function cellOf({ suites }: Runtime, place: Place, report: Report | undefined, column: Column) {
  const suite = suites.find(({ entry, name }) => entry === column[0] && name === column[1])
  if (!suite && column !== COLUMNS[0]) return '–'
  const { rows } = goodCell(report, column, suite?.lacks(place))
  const [code, ...others] = new Set(rows.flatMap(({ refused = [] }) => refused))
  if (others.length > 0) throw new Error(`refused with ${code}, ${others.join(', ')}`)
  if (code === undefined) return String(rows.length)
  if (!codes.includes(code)) codes.push(code)
  const mark = MARKS[codes.indexOf(code)]
  const count = rows.filter(({ refused }) => refused).length
  return count === rows.length ? `refused${mark}` : `${rows.length}, ${count} refused${mark}`
}

async function rowsOf(runtime: Runtime, version: string): Promise<string[][]> {
  const title = `${runtime.title} (${version})`
  try {
    const reports = await runtime.run(facts)
    return Object.entries(runtime.places).map(([name, place]) => [
      `${title}, ${name}`,
      ...COLUMNS.map((column) => {
        try {
          return cellOf(runtime, place, reports[name], column)
        } catch (error) {
          red.push(`${title}, ${name}, ${column.join(', ')}: ${(error as Error).message}`)
          return 'RED'
        }
      }),
    ])
  } catch (error) {
    red.push(`${title}: ${(error as Error).message}`)
    return [[title, ...COLUMNS.map(() => 'RED')]]
  }
}

function print(table: readonly (readonly string[])[]): void {
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)))
  for (const row of table)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths?.[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

const asked = process.argv.slice(2)
const table = [
  ['', ...COLUMNS.map(([entry]) => entry.replace('countersign/', '/'))],
  ['', ...COLUMNS.map(([, suite]) => suite)],
]
const missing: string[] = []
for (const runtime of RUNTIMES.filter(({ part }) => asked.length === 0 || asked.includes(part))) {
  let version: string
  try {
    version = versionOf(runtime)
  } catch (error) {
    missing.push((error as Error).message)
    continue
  }
  table.push(...(await rowsOf(runtime, version)))
}
for (const name of asked.filter((it) => !RUNTIMES.some(({ part }) => part === it)))
  red.push(`${name} is no runtime of the matrix: ${RUNTIMES.map(({ part }) => part).join(', ')}`)

print(table)
codes.forEach((code, at) => {
  console.log(`\n${MARKS[at]} ${code}, as it must be there`)
})
for (const line of [...red, ...missing]) console.error(`\n${line}`)
// Where nothing was run, nothing is green.
const isGreen = red.length === 0 && table.length > 2 && !(REQUIRED && missing.length > 0)
process.exitCode = isGreen ? 0 : 1
