import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll } from 'vitest'
import { exampleKey as credentials } from '../support/example-key.ts'
import { type Packed, packAndInstall } from '../support/packed.ts'

export const { secretAccessKey } = credentials
export { credentials }

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a process prints, and how it ends. */
export const outcomeOf = (
  child: ChildProcess & { stdout: Readable; stderr: Readable },
): Promise<Outcome & { readonly signal: string | null }> =>
  new Promise((resolve) => {
    const printed = Promise.all([text(child.stdout), text(child.stderr)])
    child.on('close', async (code, signal) => {
      const [stdout, stderr] = await printed
      resolve({ code, signal, stdout, stderr })
    })
  })

/** The command of the packed tarball, as `npx countersign` runs it in a project that has it. */
export function installCommand() {
  const packed: Packed = packAndInstall()
  const program = `${packed.installed}/dist/cli.js`
  const environment = {
    PATH: process.env.PATH,
    HOME: packed.consumer,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A link-local address is none of the loopback.
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const run = (
    words: readonly string[],
    input: string | Uint8Array = '',
    env: object = {},
  ): Promise<Outcome> => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: packed.consumer,
      env: { ...environment, ...env } as NodeJS.ProcessEnv,
    })
    child.stdin.on('error', () => {}).end(input)
    return outcomeOf(child)
  }
  return { packed, program, environment, run }
}

/** The command and a server that knows its key, for the tests of a file; both are there once they begin. */
export function besideServer() {
  const world = {} as { command: ReturnType<typeof installCommand>; server: VerifyingServer }
  beforeAll(async () => {
    world.command = installCommand()
    world.server = await createVerifyingServer({ credentials })
  }, 60_000)
  afterAll(async () => {
    await world.server.close()
    world.command.packed.remove()
  })
  return world
}
