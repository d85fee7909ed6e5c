/** Runs in a worker of Deno or Bun, which is told its place by a message. */
import { SERVER_SUITES } from '../suite/server-suites.ts'
import { report } from './report.ts'

addEventListener('message', ({ data }: MessageEvent<[origin: string, place: string]>) => {
  void report(SERVER_SUITES, ...data).then(() => postMessage('done'))
})
