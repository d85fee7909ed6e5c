/** Runs in a page that is isolated, whose clock has steps of 5 µs: measures there. */
import { type Kind, makeRuns, SIGNERS } from './browser-candidates.ts'
import { type MeasureOptions, measure } from './measure.ts'

const runs = makeRuns()

const api = {
  measure(kind: Kind, options: MeasureOptions) {
    if (!globalThis.crossOriginIsolated) throw new Error('The clock of this page is coarse.')
    const candidates = SIGNERS.map((name) => ({ name, run: runs[kind][name] }))
    return measure(candidates, options)
  },
}

export type PageApi = typeof api

Object.assign(globalThis, { bench: api })
