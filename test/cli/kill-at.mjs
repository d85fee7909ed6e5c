/**
 * Kills its process at one step: before or behind the nth call that changes something or asks somebody.
 * KILL_AT is `before 3` or `behind 3`; STEPS is a file that has the name of each step.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [when, nth] = (process.env.KILL_AT ?? 'before 0').split(' ')
const SIGNAL = process.env.KILL_BY ?? 'SIGKILL'
let count = 0

const watched = (name, work) =>
  async function (...given) {
    const isLast = ++count === Number(nth)
    if (process.env.STEPS) fs.appendFileSync(process.env.STEPS, `${name}\n`)
    if (isLast && when === 'before') process.kill(process.pid, SIGNAL)
    const result = await work.apply(this, given)
    if (isLast && when === 'behind') process.kill(process.pid, SIGNAL)
    return result
  }

const handle = await fs.promises.open(new URL(import.meta.url), 'r')
const FileHandle = Object.getPrototypeOf(handle)
await handle.close()
for (const name of ['writeFile', 'sync', 'chmod', 'close'])
  FileHandle[name] = watched(name, FileHandle[name])
for (const name of ['open', 'rename', 'rm']) fs.promises[name] = watched(name, fs.promises[name])
syncBuiltinESMExports()
globalThis.fetch = watched('fetch', globalThis.fetch)
