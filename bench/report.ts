import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A promise about a figure, printed beside what was found. */
export interface Bar {
  readonly text: string
  readonly actual: number
  readonly at: { readonly most: number } | { readonly least: number } | { readonly below: number }
  readonly unit?: string
}

const holds = ({ actual, at }: Bar): boolean =>
  'most' in at ? actual <= at.most : 'least' in at ? actual >= at.least : actual < at.below

/** Prints each bar with PASS or MISS; a miss is for a person to judge, so nothing fails. */
export function printBars(bars: readonly Bar[]): void {
  for (const bar of bars)
    console.log(
      `${holds(bar) ? 'PASS' : 'MISS'}  ${bar.text}  (found ${figure(bar.actual)}${bar.unit ?? ''})`,
    )
}

export const figure = (value: number, digits = 2): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '-'

/** Prints rows in columns: the first to the left, the figures to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0),
      )
      .join('  ')
  console.log(line(head))
  console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(row))
}

/** What was measured, as `--json` keeps it for the charts: one name and value per bar. */
export interface Figures {
  /** Microseconds of one signature, the median. */
  readonly speed?: Readonly<Record<string, number>>
  /** Bytes of a minified and gzipped browser bundle. */
  readonly size?: Readonly<Record<string, number>>
  /** Where the speed was measured. */
  readonly runtime?: string
}

export const FIGURES = 'bench/figures.json'

/** The file that `--json [FILE]` names, and the other arguments. */
export function jsonArgument(
  args: readonly string[],
): [file: string | undefined, others: string[]] {
  const at = args.indexOf('--json')
  if (at < 0) return [undefined, [...args]]
  const named = args[at + 1]?.endsWith('.json') ? 1 : 0
  const others = args.filter((_, index) => index < at || index > at + named)
  return [(named && args[at + 1]) || FIGURES, others]
}

export const readFigures = (file: string): Figures =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

/** Adds figures to those that the file has. */
export const writeFigures = (file: string, figures: Figures): void =>
  writeFileSync(file, `${JSON.stringify({ ...readFigures(file), ...figures }, null, 2)}\n`)
