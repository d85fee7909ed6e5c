import { type KeptProcess, keepProcess } from '../support/kept-process.ts'
import type { Report, Station } from './station.ts'

const LONGEST = 90_000

/**
 * Starts a command and waits for what its places report; ends it then, and when it has failed.
 * Throws with the command where it ends, or takes too long, without a report.
 */
export async function awaitReports(
  station: Station,
  places: readonly string[],
  command: readonly string[],
  begin: (started: KeptProcess) => Promise<unknown> = async () => {},
): Promise<Record<string, Report>> {
  const started = keepProcess(command)
  const reports: Record<string, Report> = {}
  let timer: NodeJS.Timeout | undefined
  const failed = (why: string): never => {
    throw new Error(`${command.join(' ')}\n${why}\n${started.output().slice(-4000)}`)
  }
  const tooLong = new Promise<'tooLong'>((resolve) => {
    timer = setTimeout(resolve, LONGEST, 'tooLong')
  })
  const reported = async () => {
    await begin(started)
    for (const place of places) reports[place] = await station.report(place)
    return 'reported' as const
  }
  try {
    const outcome = await Promise.race([reported(), started.ended, tooLong])
    // A program may end as soon as it has reported.
    const missing = places.filter((place) => !(place in reports))
    if (outcome === 'tooLong') failed(`took more than ${LONGEST} ms for ${missing.join(', ')}`)
    if (missing.length > 0 && outcome !== 'reported')
      failed(`ended with ${outcome} before ${missing.join(', ')} reported`)
    return reports
  } finally {
    clearTimeout(timer)
    await started.stop()
  }
}
