/** Runs as a worker: hunts, and keeps the input at hand in memory that is shared with who watches. */
import { parentPort, workerData } from 'node:worker_threads'
import { startCoverage } from './coverage.ts'
import { hunt } from './hunt.ts'
import { randomOf } from './mutate.ts'
import { targetOf } from './targets.ts'
import { wordsOfSource } from './words.ts'

/** What a thread is told. */
export interface Task {
  readonly name: string
  readonly seed: number
  readonly seconds: number
  /** How many inputs have been tried, and the length of the last one. */
  readonly counts: Int32Array
  /** The last one. */
  readonly input: Uint8Array
}

const { name, seed, seconds, counts, input } = workerData as Task
// V8 counts the blocks of what it compiles from now on.
const coverage = startCoverage()
const target = await targetOf(name)
const end = Date.now() + seconds * 1000
const report = await hunt(target, {
  coverage,
  random: randomOf(seed),
  words: wordsOfSource(),
  most: input.length,
  tries(bytes) {
    input.set(bytes.subarray(0, input.length))
    counts[1] = bytes.length
    Atomics.add(counts, 0, 1)
  },
  isOver: () => Date.now() > end,
})
parentPort?.postMessage(report)
