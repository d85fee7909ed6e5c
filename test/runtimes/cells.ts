import type { Report } from './station.ts'
import type { Cell, Suite } from './suite/task.ts'

/** A column of the matrix. */
export type Column = readonly [entry: string, suite: string]

/** The columns of some suites; the first is whether a place is the one that was meant. */
export const columnsOf = (suites: readonly Suite[]): readonly Column[] => [
  ['the place', 'looks'],
  ...suites.map(({ entry, name }) => [entry, name] as const),
]

/** The cell of a column, where all of it holds; throws with all that is wrong with it. */
export function goodCell(
  report: Report | undefined,
  [entry, suite]: Column,
  refused: string | undefined,
): Cell {
  if (!report) throw new Error('no report')
  if ('failure' in report) throw new Error(report.failure)
  const cell = report.cells.find((it) => it.entry === entry && it.suite === suite)
  if (!cell?.rows.length) throw new Error('nothing was checked')
  if (cell.refused !== refused) throw new Error(`refused with ${cell.refused}, not ${refused}`)
  const red = cell.rows.filter(({ ok }) => !ok)
  if (red.length > 0)
    throw new Error(red.map(({ name, detail }) => `${name}: ${detail}`).join('\n'))
  return cell
}
