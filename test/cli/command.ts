import { spawn } from 'node:child_process'
import { exampleKey as credentials } from '../support/example-key.ts'
import { type Packed, packAndInstall } from '../support/packed.ts'

export const { secretAccessKey } = credentials
export { credentials }

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

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
  ): Promise<Outcome> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [program, ...words], {
        cwd: packed.consumer,
        env: { ...environment, ...env } as NodeJS.ProcessEnv,
      })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (piece) => {
        stdout += piece
      })
      child.stderr.on('data', (piece) => {
        stderr += piece
      })
      child.on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.on('error', () => {})
      child.stdin.end(input)
    })
  return { packed, program, environment, run }
}
