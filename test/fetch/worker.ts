/** Runs in workerd, which asks it over HTTP for a situation of the table: `[group, index, place]`. */
import { act } from './act.ts'

// biome-ignore lint/style/noDefaultExport: workerd looks for a module's default export.
export default {
  async fetch(request: Request): Promise<Response> {
    const asked = (await request.json()) as Parameters<typeof act>
    return Response.json(await act(...asked))
  },
}
