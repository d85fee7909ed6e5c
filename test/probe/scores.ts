import { readFileSync } from 'node:fs'
import type { ProbeResult, ProbeVerdict } from 'countersign/testing'
import { formatReport, scoresOf, totalOf } from '../../src/probe/report.ts'
import { root } from '../support/packed.ts'

/** What is kept of a server: the names of what was found, the rest by numbers. */
export interface Scored {
  readonly 'let-in': readonly string[]
  readonly 'wrongly-refused': readonly string[]
  readonly differs: readonly string[]
  readonly unsure: number
  readonly right: number
  /** The groups that are not right as a whole. */
  readonly groups: Readonly<Record<string, string>>
}

/** Where `npm run probe:scores` keeps what it found. */
export const SCORES: string = `${root}/test/probe/scores.json`

/** What was found, by the names of the servers. */
export const readScores = (): Readonly<Record<string, Scored>> =>
  JSON.parse(readFileSync(SCORES, 'utf8'))

/** What is kept of the results of a server. */
export function scoredOf(results: readonly ProbeResult[]): Scored {
  const names = (verdict: ProbeVerdict) =>
    results.filter((it) => it.verdict === verdict).map(({ name }) => name)
  const scores = scoresOf(results)
  const partial = scores.filter(({ right, judged }) => right < judged)
  return {
    'let-in': names('let-in'),
    'wrongly-refused': names('wrongly-refused'),
    differs: names('differs'),
    unsure: names('unsure').length,
    right: totalOf(scores).right,
    groups: Object.fromEntries(
      partial.map(({ group, right, judged }) => [group, `${right} of ${judged}`]),
    ),
  }
}

/** The table of docs/probe.md: a server a line. */
export function formatTable(scores: Readonly<Record<string, Scored>>): string {
  const rows = Object.entries(scores).map(([name, it]) => [
    /\.ts$/.test(name) ? `[${name}](../${name})` : name,
    ...[it['let-in'], it['wrongly-refused'], it.differs].map((list) => `${list.length}`),
    ...[`${it.unsure}`, `${it.right}`],
  ])
  const head = ['server', 'let in', 'wrongly refused', 'otherwise', 'not to be told', 'right']
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

const TABLE = /(?<=<!-- scores -->\n\n).*?(?=\n\n<!-- end -->)/s
const REPORT = /(?<=<!-- report -->\n\n```text\n).*?(?=\n```\n\n<!-- end -->)/s

/** The page with the table in its place. */
export const withTable = (page: string, table: string): string => page.replace(TABLE, () => table)

/** The page with a report in its place, of which the keys are not real. */
export const withReport = (page: string, results: readonly ProbeResult[]): string =>
  page.replace(REPORT, () =>
    formatReport(results)
      .replace(/^ +https:.*\n/gm, '')
      .replace(/^( +)(.{40,60}) (?=.{8})/gm, '$1$2\n$1'),
  )

/** The report that stands in the page. */
export const reportIn = (page: string): string => REPORT.exec(page)?.[0] ?? ''

/** The table that stands in the page. */
export const tableIn = (page: string): string => TABLE.exec(page)?.[0] ?? ''
