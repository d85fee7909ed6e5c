import { BROWSERS } from './browsers.ts'
import { ENGINES } from './engines.ts'
import type { Runtime } from './runtime.ts'
import { SERVER_SIDE } from './server-side.ts'

/** The rows of the matrix. */
export const RUNTIMES: readonly Runtime[] = [...SERVER_SIDE, ...BROWSERS, ...ENGINES]
