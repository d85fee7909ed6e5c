import { refusals, runChecks, same } from './check.ts'
import type { Cell, Suite, Task } from './task.ts'

/** Whether the place is the one that the runner means. */
const looks: Suite['run'] = ({ place }) =>
  runChecks({
    'it is the place that was meant': () => {
      const { crypto, isSecureContext = 'undefined' } = globalThis
      const got = { subtle: typeof crypto?.subtle, document: typeof document }
      same({ ...got, secure: isSecureContext }, place.looks)
    },
  })

/** Runs suites in this place, as it is stated to be. */
export async function runSuites(suites: readonly Suite[], task: Task): Promise<Cell[]> {
  const cells: Cell[] = [{ entry: 'the place', suite: 'looks', rows: await looks(task) }]
  for (const { entry, name, lacks, attempts, run } of suites) {
    const refused = lacks(task.place)
    const rows = await (refused === undefined ? run(task) : refusals(refused, attempts))
    cells.push({ entry, suite: name, refused, rows })
  }
  return cells
}
