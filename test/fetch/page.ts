/** Runs in a page. */
import { act } from './act.ts'

Object.assign(globalThis, { act })
