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
