import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Call } from '../options.ts'
import { type World, writeLine } from '../streams.ts'

/** What opens a page in a person's browser, by the name of a platform. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
}

/** How long an opener may take to say that it opens nothing, in milliseconds. */
const PATIENCE = 1000

/** Has a page opened; false where nothing here opens one. */
function open(url: string, { env }: World): Promise<boolean> {
  const [command, ...words] = OPENERS[process.platform] ?? ['xdg-open']
  return new Promise((resolve) => {
    const child = spawn(command, [...words, url], {
      ...{ detached: true, stdio: 'ignore', windowsVerbatimArguments: true },
      env: env as NodeJS.ProcessEnv,
    })
    // Some openers are the browser, and end with it.
    const opened = setTimeout(resolve, PATIENCE, true)
    const end = (isOpen: boolean) => {
      clearTimeout(opened)
      resolve(isOpen)
    }
    child.once('error', () => end(false))
    child.once('exit', (code) => end(code === 0))
    child.unref()
  })
}

/** `countersign explainer`: opens the page that explains, which stands beside the command. */
export async function explainerVerb(call: Call, world: World): Promise<number> {
  const url = new URL('./explainer.html', import.meta.url)
  if (call.values.json) {
    const where = { path: fileURLToPath(url), url: url.href }
    await writeLine(world.stdout, JSON.stringify(where, null, 2))
    return 0
  }
  await writeLine(world.stdout, url.href)
  if (!(await open(url.href, world)))
    await writeLine(world.stderr, 'Nothing here opens a page: open this in a browser.')
  return 0
}
