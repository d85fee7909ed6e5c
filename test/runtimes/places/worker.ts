/** Runs in workerd, which asks it over HTTP: `?origin=…&place=…`. */
import { SUITES } from '../suite/suites.ts'
import { report } from './report.ts'

// biome-ignore lint/style/noDefaultExport: workerd looks for a module's default export.
export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    await report(SUITES, searchParams.get('origin') ?? '', searchParams.get('place') ?? '')
    return new Response()
  },
}
