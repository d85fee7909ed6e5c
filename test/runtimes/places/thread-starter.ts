/** Runs as a program of Deno or Bun: starts a worker, `thread.mjs` beside it, for the place. */
const [, , origin = '', place = ''] = process.argv
const worker = new Worker(new URL('thread.mjs', import.meta.url), { type: 'module' })

worker.onmessage = () => worker.terminate()
worker.postMessage([origin, place])
