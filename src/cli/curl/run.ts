import { spawn } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type CurlOption, lastOf } from '../../inputs/curl-options.ts'
import { SendError } from '../options.ts'
import type { World } from '../streams.ts'

/** The path of the curl that is installed; undefined where none is. */
export function installedCurl({ PATH = '' }: World['env']): string | undefined {
  const names = process.platform === 'win32' ? ['curl.exe'] : ['curl']
  const paths = PATH.split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  })
}

/** A line of a file of curl's options. */
const lineOf = (option: string, value: string): string =>
  `${option} = "${value.replace(/[\\"]/g, '\\$&')}"`

/** A file without a name: only who is given its descriptor reads it. */
function nameless(content: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  try {
    const file = openSync(join(folder, 'file'), 'wx+', 0o600)
    writeSync(file, content, 0)
    return file
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All of a file, wherever in it others have got to. */
function readWhole(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size)
  readSync(file, bytes, 0, bytes.length, 0)
  return bytes.toString('latin1')
}

/** What curl is told beside the words of the call. */
export interface Told {
  readonly options: readonly CurlOption[]
  /** The URL as it is signed. */
  readonly url: string
  /** Whether the query of the URL has what options of data say. */
  readonly asQuery: boolean
  /** Fields that signing adds, and what sends what is piped as a whole. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** What curl reads at its standard input: bytes, or, where it reads ours, `inherit`. */
  readonly stdin: Uint8Array | 'inherit' | undefined
  /** Whether what curl prints is kept too. */
  readonly kept: boolean
}

/** How curl has ended. */
export interface Ended {
  readonly code: number
  /** The status of the last answer; undefined where there was none, or the call keeps its head itself. */
  readonly status: number | undefined
  /** What it printed, as far as it is kept. */
  readonly printed: string
}

/** As much of an answer is kept, as no error is longer. */
const KEPT = 1048576

/** The words for curl: those of the call, but for a URL that is spelled otherwise where it is signed. */
function wordsOf({ options, url, asQuery }: Told): string[] {
  const data = /^(get|data(-\w+)?|json)$/
  const kept = options.filter(({ name }) => name !== 'url' && !(asQuery && data.test(name)))
  return [...kept.flatMap(({ words }) => words), '--url', url]
}

/** Runs curl with the fields of a signature, which stand in none of its words, as other users read those. */
export async function runCurl(curl: string, told: Told, world: World): Promise<Ended> {
  const { options, headers, stdin, kept } = told
  const own = lastOf(options, 'dump-header') !== undefined
  const head = own ? undefined : nameless('')
  const config = [
    ...headers.map(([name, value]) => lineOf('header', value ? `${name}: ${value}` : `${name}:`)),
    ...(own ? [] : [lineOf('dump-header', '/dev/fd/4')]),
    // What is signed is the URL as it is spelled, and no other; a file of the user's may say otherwise.
    ...['path-as-is', 'globoff', 'no-location', ''],
  ].join('\n')
  const secret = stdin === undefined ? undefined : nameless(config)
  const words = [...wordsOf(told), '-K', secret === undefined ? '-' : '/dev/fd/3']
  const child = spawn(curl, words, {
    env: world.env as NodeJS.ProcessEnv,
    stdio: [
      stdin === 'inherit' ? 'inherit' : 'pipe',
      kept ? 'pipe' : 'inherit',
      'inherit',
      secret ?? 'ignore',
      head ?? 'ignore',
    ],
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    world.once?.(signal, () => child.kill(signal))
  // A server may answer before it has read all.
  child.stdin?.on('error', () => {}).end(stdin ?? config)
  const pieces: Buffer[] = []
  const printing = kept ? print(child.stdout as Readable, pieces, world) : undefined
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', () => reject(new SendError('curl could not be started.')))
      child.once('close', (exit) => resolve(exit ?? 1))
    })
    await printing
    const heads = head === undefined ? '' : readWhole(head)
    const status = [...heads.matchAll(/^HTTP\/[\d.]+ (\d{3})/gm)].at(-1)?.[1]
    return {
      code,
      status: status ? Number(status) : undefined,
      printed: `${Buffer.concat(pieces)}`,
    }
  } finally {
    for (const file of [head, secret]) if (file !== undefined) closeSync(file)
  }
}

/** Hands on what curl prints, and keeps the begin of it. */
async function print(stdout: Readable, pieces: Buffer[], world: World): Promise<void> {
  let length = 0
  for await (const piece of stdout as AsyncIterable<Buffer>) {
    if (length < KEPT) pieces.push(piece)
    length += piece.length
    if (!world.stdout.write(piece))
      await new Promise((resolve) => world.stdout.once('drain', resolve))
  }
}
