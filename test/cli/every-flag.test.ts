import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { awsError, presign, sign, verify } from 'countersign'
import { beforeAll, describe, expect, it } from 'vitest'
import { flagsOf, VERBS } from '../../src/cli/table.ts'
import { splitWords } from '../../src/inputs/shell-words.ts'
import { part } from '../real/parts.ts'
import { besideServer, credentials, outcomeOf } from './command.ts'
import { EVERY_FLAG, EXITS, type Line } from './every-flag.ts'

const world = besideServer()
const options = { service: 's3', region: 'eu-west-1', credentials } as const
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const PLACES: Record<string, string> = {}
let folder: string
let environment: Record<string, string | undefined>

/** How many processes run at a time. */
const AT_A_TIME = 2

const filled = (text: string) => text.replace(/\$[A-Z]+/g, (name) => PLACES[name] ?? name)

/** Runs the command that npm has put among the programs of the folder, where `npx` finds it. */
const run = ([line, , , { input = '', env = {} } = {}]: Line) => {
  const words = (splitWords(line) ?? []).map(filled)
  const child = spawn(`${folder}/node_modules/.bin/countersign`, words, {
    cwd: folder,
    env: { ...environment, ...env } as NodeJS.ProcessEnv,
  })
  child.stdin.on('error', () => {}).end(filled(input))
  return outcomeOf(child)
}

/** What does not come out as a line has it; the lines run a few at a time. */
async function unlike(lines: readonly Line[]): Promise<unknown[]> {
  const wrong: unknown[] = []
  const left = [...lines]
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { code, stdout, stderr } = await run(next)
      const [line, wanted, says] = next
      if (code !== wanted || !says.test(stdout + stderr)) wrong.push({ line, code, stdout, stderr })
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  return wrong
}

beforeAll(async () => {
  const { consumer, tarball } = world.command.packed
  folder = `${consumer}/only`
  mkdirSync(folder)
  environment = { ...world.command.environment, HOME: folder, AWS_ENDPOINT_URL: world.server.url }
  writeFileSync(`${folder}/package.json`, '{"private":true}')
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], {
    ...{ cwd: folder, stdio: 'pipe' },
  })

  const body = 'body'
  const signed = await sign({ method: 'PUT', url, body }, options)
  const fields = Object.entries(signed.headers).map((field) => field.join(': '))
  const head = (method: string) =>
    `${method} /key HTTP/1.1\r\nHost: bucket.s3.eu-west-1.amazonaws.com`
  const wrong = await sign(
    { url },
    { ...options, credentials: { ...credentials, secretAccessKey: 'x' } },
  )
  const refused = await verify(wrong, { service: 's3', credentials: () => credentials })
  const keyFile = (key: object) => JSON.stringify({ Version: 1, ...key })
  const files = {
    'body.txt': body,
    'plain.http': `${head('GET')}\r\n\r\n`,
    'signed.http': `${head('PUT')}\r\n${fields.join('\r\n')}\r\n\r\n${body}`,
    'answer.xml': refused.ok ? '' : awsError(refused, 's3').body,
    'other.json': keyFile({ AccessKeyId: 'AKIDOTHER', SecretAccessKey: 'other' }),
    'key.json': keyFile({
      ...{ AccessKeyId: credentials.accessKeyId, SecretAccessKey: credentials.secretAccessKey },
    }),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text)
  const expired = { ...options, signingDate: new Date('2015-08-30T12:36:00Z') }
  PLACES.$SERVER = world.server.url
  PLACES.$PRESIGNED = (await presign({ url }, options)).url
  PLACES.$EXPIRED = (await presign({ url }, expired)).url
})

describe('every verb of the table', () => {
  it('has a line for each of its flags, and for no other', () => {
    expect(Object.keys(EVERY_FLAG).sort()).toEqual([...VERBS].sort())
    for (const verb of VERBS)
      expect([verb, ...Object.keys(EVERY_FLAG[verb]).sort()]).toEqual([
        verb,
        ...[...new Set(flagsOf(verb))].sort(),
      ])
  })

  it.each(VERBS)(
    '%s takes its flags, in a folder with nothing but the tarball',
    async (verb) => {
      expect(await unlike(Object.values(EVERY_FLAG[verb]))).toEqual([])
    },
    60_000,
  )

  // npx looks the program up where it is run above, which takes a second each time.
  it.each(VERBS)('%s runs by npx', async (verb) => {
    const { stdout } = await promisify(execFile)(
      'npx',
      ['--no-install', 'countersign', verb, '-h'],
      {
        ...{ cwd: folder, env: environment as NodeJS.ProcessEnv },
      },
    )
    expect(stdout).toMatch(/^countersign/)
  })
})

describe('every exit', () => {
  const lines = EXITS.filter(([line]) => !line.startsWith('curl -') || part('curl'))

  it('is that of the table in docs/cli.md, and curl has its own', async () => {
    expect(await unlike(lines)).toEqual([])
    const codes = new Set(EXITS.map(([, code]) => code))
    for (const code of [0, 1, 2, 3, 4]) expect(codes).toContain(code)
  }, 60_000)
})
