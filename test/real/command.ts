import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'
import { describeClient, type LiveCall, type Target } from './live-client.ts'
import { describeWithPart, type Part } from './parts.ts'

/** A key with all that clients spell in different ways. */
export const KEY = 'a b/ü+~(1).txt'
export const KEY_IN_URL = 'a%20b/%C3%BC%2B~%281%29.txt'

/** Stand for files in a command's arguments: one of four bytes, one of nine megabytes. */
export const SMALL = '<small>'
export const LARGE = '<large>'

/** Stands for that home in a command's arguments. */
export const HOME = '<home>'

let home = ''

/** Runs a client with nothing of this machine's set-up but its PATH. */
export async function run(
  command: string,
  args: readonly string[],
  { credentials, region }: Pick<Target, 'credentials' | 'region'>,
  more: Record<string, string> = {},
): Promise<string> {
  const env = {
    ...{ PATH: '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', NO_PROXY: '*' },
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    ...{ AWS_DEFAULT_REGION: region, AWS_MAX_ATTEMPTS: '1', AWS_EC2_METADATA_DISABLED: 'true' },
    ...more,
  }
  const files = args.map((arg) =>
    arg.replace(SMALL, `${home}/small`).replace(LARGE, `${home}/large`).replace(HOME, home),
  )
  const { stdout } = await promisify(execFile)(command, files, { env, timeout: 20_000 })
  return stdout
}

/** Gives the clients of a suite a home of their own, with the files in it. */
export function useHome(): void {
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'countersign-clients-'))
    writeFileSync(join(home, 'small'), 'text')
    writeFileSync(join(home, 'large'), Buffer.alloc(9 * 1024 * 1024, 'x'))
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))
}

/** The tests of a client that is a part of this machine. */
export const describePart = (name: Part, calls: readonly LiveCall[]): void =>
  describeWithPart(name, name, () => {
    useHome()
    describeClient(name, calls)
  })
