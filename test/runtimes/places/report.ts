/** Runs in each place that has a fetch. */
import { runSuites } from '../suite/run.ts'
import type { Suite, Task } from '../suite/task.ts'

/** Fetches the task of a place, runs suites of it here, and reports what has become of them. */
export async function report(
  suites: readonly Suite[],
  origin: string,
  place: string,
): Promise<void> {
  const send = (body: unknown) =>
    fetch(`${origin}/report/${encodeURIComponent(place)}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
  try {
    const response = await fetch(`${origin}/task/${encodeURIComponent(place)}`)
    await send({ cells: await runSuites(suites, (await response.json()) as Task) })
  } catch (error) {
    await send({ failure: `${error} ${(error as Error).stack}` })
  }
}
