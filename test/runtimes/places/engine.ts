/** Runs in an engine without a platform: what a React Native app imports, and nothing fetched. */
import { runSuites } from '../suite/run.ts'
import { ENGINE_SUITES } from '../suite/suites.ts'
import type { Task } from '../suite/task.ts'

/** What the engine's runner has put there. */
interface Engine {
  readonly countersignTask: Task
  print(line: string): void
}

const { countersignTask, print } = globalThis as unknown as Engine

runSuites(ENGINE_SUITES, countersignTask).then(
  (cells) => print(JSON.stringify({ cells })),
  (error) => print(JSON.stringify({ failure: String(error) })),
)
