import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigner } from 'countersign'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { exampleKey } from '../support/example-key.ts'
import { root } from '../support/packed.ts'
import { installCommand, outcomeOf } from './command.ts'

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

type Action = string | null
type Answer = { status: number; body?: string } | undefined

/** As long as IAM's ids are, which the AWS CLI looks at. */
export const OLD_ID = 'AKIAIOSFODNN7EXAMPLE'

export const LOADER = '@smithy/shared-ini-file-loader'
const DAY = 86_400_000

/** The installed command, a server with IAM and STS, and a home with a credentials file. */
export async function startKeysWorld() {
  const command = installCommand()
  const peers = join(command.packed.consumer, 'node_modules/@smithy')
  mkdirSync(peers, { recursive: true })
  symlinkSync(join(root, 'node_modules', LOADER), join(peers, 'shared-ini-file-loader'))
  const home = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
  const path = join(home, 'credentials')
  let age = 0
  let hook: ((action: Action) => Answer) | undefined
  const server = await createVerifyingServer({
    credentials: { ...exampleKey, accessKeyId: OLD_ID },
    now: () => new Date(Date.now() - age),
    answer: ({ body }) =>
      hook?.(new URLSearchParams(Buffer.from(body as Uint8Array).toString()).get('Action')),
  })
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_SHARED_CREDENTIALS_FILE: path,
    AWS_ENDPOINT_URL: server.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  }

  return {
    ...{ command, home, path, server, env },
    /** Begins anew: the server's first key is so many days old, and stands in the file. */
    begin(text: string, days = 0) {
      hook = undefined
      age = days * DAY
      server.reset()
      age = 0
      rmSync(`${path}.countersign`, { force: true })
      writeFileSync(path, text, { mode: 0o644 })
    },
    /** Answers calls in the server's place. */
    answer(instead: (action: Action) => Answer) {
      hook = instead
    },
    /** Runs the command; `watch` has the process as it begins. */
    run: (words: readonly string[], more: object = {}, watch?: (pid: number) => void) => {
      const child = spawn(process.execPath, [command.program, ...words], {
        cwd: command.packed.consumer,
        env: { ...env, ...more } as NodeJS.ProcessEnv,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      watch?.(child.pid as number)
      return outcomeOf(child)
    },
    /** The key of a profile as the loader of the AWS SDKs reads it. */
    async keyIn(profile: string): Promise<Key> {
      const { parseKnownFiles } = await import('@smithy/shared-ini-file-loader')
      const configFilepath = join(home, 'config')
      const read = await parseKnownFiles({ filepath: path, configFilepath, ignoreCache: true })
      const { aws_access_key_id: id = '', aws_secret_access_key: secret = '' } = read[profile] ?? {}
      return { accessKeyId: id, secretAccessKey: secret }
    },
    text: () => readFileSync(path, 'latin1'),
    async close() {
      await server.close()
      command.packed.remove()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Asks the server about keys, as a client of its own. */
export async function ask(
  server: VerifyingServer,
  credentials: Key,
  service: 'iam' | 'sts',
  Action: string,
  more: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const { fetch } = createSigner({ service, region: 'us-east-1', credentials })
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${new URLSearchParams({ Action, ...more })}`,
  })
  return { status: response.status, text: await response.text() }
}

/** Whether AWS takes a key. */
export const works = async (server: VerifyingServer, key: Key): Promise<boolean> =>
  (await ask(server, key, 'sts', 'GetCallerIdentity')).status === 200
