import type { Situation } from './situation.ts'
import { bodies } from './situations-bodies.ts'
import { calls } from './situations-calls.ts'
import { clocks } from './situations-clock.ts'
import { origins } from './situations-origins.ts'
import { regions } from './situations-regions.ts'
import { retries } from './situations-retries.ts'
import { tokens } from './situations-tokens.ts'

/** All situations, by what they are about. */
export const situations: Readonly<Record<string, readonly Situation[]>> = {
  ...{ tokens, clocks, regions, retries, bodies, calls, origins },
}
