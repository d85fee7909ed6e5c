import { createInterface } from 'node:readline/promises'
import { CountersignError, failWith } from '../model/errors.ts'
import type { Credentials } from '../model/types.ts'
import { fromNode } from '../node-credentials/chain.ts'
import { askCommand, printedCredentials } from '../node-credentials/process.ts'
import { fromProfile } from '../node-credentials/profile.ts'
import { type Call, SendError } from './options.ts'
import type { World } from './streams.ts'

/** Asks at the terminal for the code of an MFA device; nobody is there where standard input is a pipe. */
const tokenCodeOf =
  ({ stdin, stderr }: World) =>
  async (serialNumber: string): Promise<string> => {
    if (!stdin.isTTY)
      failWith(
        'invalid-credentials',
        `the code of ${serialNumber} is asked for on a terminal, and standard input is none.`,
      )
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return (await lines.question(`Code of ${serialNumber}: `)).trim()
    } finally {
      lines.close()
    }
  }

/** What went wrong on the way to STS, and what the SDK's provider of SSO says. */
function told(error: unknown): never {
  if (error instanceof CountersignError) throw error
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException }
  // What `fetch` throws has what the network said as its cause.
  if (cause)
    throw new SendError(`The credentials could not be asked for: ${cause.code ?? cause.message}.`)
  return failWith('invalid-credentials', `what signs in says: ${message.replace(/\.$/, '')}.`)
}

/** The credentials of a call: of its command, of its profile, or what the machine has, in this order. */
export async function credentialsOf(call: Call, world: World): Promise<Credentials> {
  const command = call.text('credentials')
  if (command !== undefined) return printedCredentials(await askCommand(command, world.env))
  const profile = call.text('profile')
  const options = { environment: world.env, tokenCode: tokenCodeOf(world) }
  const provider = profile === undefined ? fromNode(options) : fromProfile({ ...options, profile })
  return Promise.resolve(provider()).catch(told)
}
