import type { Part } from '../real/parts.ts'
import type { Report } from './station.ts'
import type { Facts, Place, Suite } from './suite/task.ts'

/** A runtime of the matrix: a program that is started once, with one place in it or several. */
export interface Runtime {
  readonly part: Part
  readonly title: string
  /** The command that prints its version. */
  readonly version: readonly string[]
  /** By their names. */
  readonly places: Readonly<Record<string, Place>>
  /** What is run in each of them. */
  readonly suites: readonly Suite[]
  /** Runs them; throws with the command and what it printed where that does not come to an end. */
  run(facts: Facts): Promise<Readonly<Record<string, Report>>>
}
