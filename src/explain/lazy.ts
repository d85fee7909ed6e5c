import { loading } from '../crypto/node-loading.ts'
import type * as loaded from './loaded.ts'

const load = /* @__PURE__ */ loading(async () => import('./loaded.ts'), 'explainAsync')

/**
 * Explains with promises; `#explain` for Node, which reads the half of the package that it takes
 * when it is first asked for: most processes sign and never ask.
 */
export const explainAsync: typeof loaded.explainAsync = async (...request) =>
  (await load()).explainAsync(...request)
