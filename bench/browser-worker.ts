/** Runs in workerd: `?kind=…&by=…&times=…` signs so many times. */
import { type Kind, makeRuns, type Signer } from './browser-candidates.ts'

const runs = makeRuns()

// biome-ignore lint/style/noDefaultExport: workerd looks for a module's default export.
export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const run = runs[searchParams.get('kind') as Kind][searchParams.get('by') as Signer]
    for (let left = Number(searchParams.get('times')); left > 0; left--) await run()
    return new Response()
  },
}
