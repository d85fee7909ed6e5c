import { machine } from './machine.ts'
import { SUITES } from './suites.ts'
import type { Suite } from './task.ts'

/** Every entry that is for Node, Deno and Bun; apart, as a page can load no module of Node. */
export const SERVER_SUITES: readonly Suite[] = [...SUITES, ...machine]
