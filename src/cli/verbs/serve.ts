import { Socket } from 'node:net'
import { createVerifyingServer } from '../../testing/verifying-server.ts'
import { type Call, UsageError } from '../options.ts'
import { type World, writeLine } from '../streams.ts'

/** Milliseconds between two looks at who the parent is. */
const LOOK = 500

function portOf(call: Call): number {
  const port = Number(call.text('port') ?? 0)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError('--port is a number up to 65535, 0 for any that is free.')
}

/**
 * Waits until nobody is there who would need the server: it is told to stop, the pipe of its standard
 * input has ended, or its parent is another, as the first has gone. No system tells a child of that.
 */
async function untilLeft(world: World): Promise<void> {
  const { stdin, ppid } = world
  // What comes from a file, or from nowhere, ends at once, and says nothing.
  const isPipe = !world.stdin.isTTY && stdin instanceof Socket
  await new Promise<void>((resolve) => {
    if (isPipe) stdin.once('close', resolve).once('error', resolve).resume()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) world.once?.(signal, resolve)
    const watch = setInterval(() => {
      if (world.ppid === ppid) return
      clearInterval(watch)
      resolve()
    }, LOOK)
    watch.unref()
  })
  if (isPipe) stdin.destroy()
}

/** `countersign serve`: a test AWS for programs in any language, which the environment leads to it. */
export async function serveVerb(call: Call, world: World): Promise<number> {
  if (call.url !== undefined) throw new UsageError('serve takes no URL.')
  const region = call.text('region')
  const server = await createVerifyingServer({ region, port: portOf(call) })
  const { accessKeyId, secretAccessKey } = server.credentials
  const environment = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region ?? 'us-east-1',
    AWS_DEFAULT_REGION: region ?? 'us-east-1',
  }
  const lines = Object.entries(environment).map((entry) => entry.join('='))
  const text = call.values.json ? JSON.stringify(environment) : lines.join('\n')
  await writeLine(world.stdout, text)
  await untilLeft(world)
  await server.close()
  return 0
}
