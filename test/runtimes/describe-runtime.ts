import { beforeAll, describe, expect, it } from 'vitest'
import { describeWithPart } from '../real/parts.ts'
import { columnsOf, goodCell } from './cells.ts'
import { computeFacts } from './facts.ts'
import type { Runtime } from './runtime.ts'
import type { Report } from './station.ts'

/** One test for each cell of a runtime: place, entry and suite. */
export function describeRuntime(runtime: Runtime): void {
  const { part, title, places, suites } = runtime
  describeWithPart(part, title, () => {
    let reports: Readonly<Record<string, Report>> = {}
    beforeAll(async () => {
      reports = await runtime.run(await computeFacts())
    })

    describe.each(Object.entries(places))('%s', (name, place) => {
      it.each(columnsOf(suites))('%s: %s', (entry, title) => {
        const suite = suites.find((it) => it.entry === entry && it.name === title)
        const { rows } = goodCell(reports[name], [entry, title], suite?.lacks(place))
        expect(rows.length).toBeGreaterThan(0)
      })
    })
  })
}
