/** Runs in a worker of Deno or Bun, which is told its place by a message. */
import { report } from './report.ts'

addEventListener('message', ({ data }: MessageEvent<[origin: string, place: string]>) => {
  void report(...data).then(() => postMessage('done'))
})
