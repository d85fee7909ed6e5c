/** Runs in each place that has a fetch. */
import { runSuites } from '../suite/run.ts'
import { SUITES } from '../suite/suites.ts'
import type { Task } from '../suite/task.ts'

/** Fetches the task of a place, runs it here, and reports what has become of it. */
export async function report(origin: string, place: string): Promise<void> {
  const send = (body: unknown) =>
    fetch(`${origin}/report/${encodeURIComponent(place)}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  try {
    const response = await fetch(`${origin}/task/${encodeURIComponent(place)}`)
    await send({ cells: await runSuites(SUITES, (await response.json()) as Task) })
  } catch (error) {
    await send({ failure: `${error} ${(error as Error).stack}` })
  }
}
