import { Worker } from 'node:worker_threads'
import type { Report } from './hunt.ts'
import type { Task } from './thread.ts'

const MOST = 0x10000
/** Seconds without a new input after which a thread is given up. */
const PATIENCE = 30
const MEGABYTES = 1024
/** A thread does not inherit the loader of TypeScript. */
const START = [
  `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))})`,
  `.then(({ register }) => (register(), import(${JSON.stringify(import.meta.resolve('./thread.ts'))})))`,
].join('')

/** Hunts in a thread of its own; what stops the thread, or never ends, is a finding too. */
export function watch(task: Omit<Task, 'counts' | 'input'>): Promise<Report> {
  const counts = new Int32Array(new SharedArrayBuffer(8))
  const input = new Uint8Array(new SharedArrayBuffer(MOST))
  const worker = new Worker(START, {
    eval: true,
    workerData: { ...task, counts, input } satisfies Task,
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
  })
  return new Promise((resolve) => {
    let [before, since] = [0, Date.now()]
    const end = (report: Report) => {
      clearInterval(timer)
      void worker.terminate()
      resolve(report)
    }
    const stopped = (wrong: string) =>
      end({
        ...{ runs: counts[0] ?? 0, reached: [0, 0, 0], corpus: 0, dearest: [0, 0] },
        found: { wrong, input: Uint8Array.from(input.subarray(0, counts[1])) },
      })
    const timer = setInterval(() => {
      const runs = Atomics.load(counts, 0)
      if (runs > before || runs === 0) [before, since] = [runs, Date.now()]
      else if (Date.now() - since > PATIENCE * 1000) stopped(`takes above ${PATIENCE} seconds`)
    }, 1000)
    worker.once('message', end)
    worker.once('error', (error) => stopped(`stops the thread: ${error.stack}`))
  })
}
