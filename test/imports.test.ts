import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cyclesOf, type Module, reachable, readModules } from './support/module-graph.ts'
import { type Manifest, targetsOf } from './support/packed.ts'

/**
 * The storeys of the house, from the ground up: a file imports from lower storeys, or sideways
 * within its folder. A name with a slash stands for all files of the folder that are not named.
 */
const STOREYS: readonly (readonly string[])[] = [
  // Nouns and contracts, which everyone may speak of.
  ['errors.ts', 'types.ts', 'lib/', 'crypto/backend.ts', 'refusal.ts', 'verify-types.ts'],
  ['road/', 'inputs/'],
  ['crypto/', 'credentials/', 'clock.ts', 'infer-scope.ts', 'replay-guard.ts', 'aws-error.ts'],
  ['algorithms/'],
  ['verify/'],
  // The verbs.
  ['sign.ts', 'presign.ts', 'stages.ts', 'verify.ts'],
  ['explain/'],
  [
    'explain.ts',
    'signer.ts',
    'sync-calls.ts',
    'verifier.ts',
    'signed-fetch.ts',
    's3/',
    'eventstream/',
  ],
  ['async.ts'],
  ['adapters/', 'providers/', 'key-handles.ts'],
  ['testing/', 'cli/'],
  // The entries.
  [
    'index.ts',
    'sync.ts',
    's3.ts',
    'eventstream.ts',
    'sigv4a.ts',
    'credentials.ts',
    'fetch.ts',
    'undici.ts',
    'axios.ts',
    'node-http.ts',
    'smithy.ts',
    'testing.ts',
    'cli.ts',
  ],
]

/** Neighbours on one storey that may import each other all the same, and why. */
const SIDEWAYS: readonly (readonly [from: string, to: string])[] = [
  ['presign.ts', 'sign.ts'], // the same road with another placement
  ['stages.ts', 'sign.ts'], // the road, stopped half-way
  ['verifier.ts', 'signer.ts'],
  ['signed-fetch.ts', 'signer.ts'],
]

/** Who may import from outside of src. */
const PACKAGES: readonly (readonly [specifier: RegExp, files: RegExp])[] = [
  [/^#crypto$/, /^(async|verifier|eventstream|sigv4a|smithy|s3\/.*)\.ts$/],
  [/^#p256$/, /^sigv4a\.ts$/],
  [/^#crypto-sync$/, /^sync\.ts$/],
  [/^node:crypto$/, /^(crypto\/(p256-)?node(-serial)?|testing\/.*|cli\/.*)\.ts$/],
  [/^@smithy\/shared-ini-file-loader$/, /^cli\/credentials\.ts$/],
  [/^@aws-crypto\/sha256-js$/, /^crypto\/js\.ts$/],
  [
    /^node:(?!crypto)/,
    /^(crypto\/node(-serial)?\.ts|cli\.ts|cli\/|adapters\/|testing|node-http\.ts)/,
  ],
]

// A page is told from Node by its process.
const PROCESS = /^(credentials\/(env|resolve)\.ts|cli\.ts|cli\/|adapters\/|testing|node-http\.ts)/

const MOST_LINES = 300

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest
const modules = readModules(`${root}/src`)
const all = [...modules.values()]

const storeyOf = (path: string): number => {
  const exact = STOREYS.findIndex((names) => names.includes(path))
  const folder = (name: string) => name.endsWith('/') && path.startsWith(name)
  return exact < 0 ? STOREYS.findIndex((names) => names.some(folder)) : exact
}

const folderOf = (path: string): string => path.slice(0, path.indexOf('/') + 1)

function allowed(from: string, to: string): boolean {
  const [above, below] = [storeyOf(from), storeyOf(to)]
  if (above !== below) return above > below
  const together = folderOf(from) !== '' && folderOf(from) === folderOf(to)
  return together || above === 0 || SIDEWAYS.some(([a, b]) => a === from && b === to)
}

/** Every source file that package.json names by what it is built to. */
const entries = [
  ...new Set(
    targetsOf([manifest.exports, manifest.imports, manifest.bin])
      .filter((target) => target.startsWith('./dist/'))
      .map((target) => target.slice('./dist/'.length).replace(/(\.d)?\.c?[jt]s$/, '.ts')),
  ),
]

const list = (test: (module: Module) => readonly string[]): string[] =>
  all.flatMap((module) => test(module).map((found) => `${module.path}: ${found}`))

describe('the architecture', () => {
  it('knows the storey of every file', () => {
    expect(all.map(({ path }) => path).filter((path) => storeyOf(path) < 0)).toEqual([])
  })

  it('imports downwards, or sideways within a folder', () => {
    const upward = list(({ path, imports }) => imports.filter((to) => !allowed(path, to)))
    expect(upward).toEqual([])
  })

  it('has no cycle, type imports counted', () => {
    expect(cyclesOf(modules)).toEqual([])
  })

  it('has no orphan: every file serves an entry', () => {
    const served = reachable(modules, entries)
    expect(entries.filter((path) => !modules.has(path))).toEqual([])
    expect(all.map(({ path }) => path).filter((path) => !served.has(path))).toEqual([])
  })

  it('imports no file that is not there', () => {
    expect(list(({ imports }) => imports.filter((to) => !modules.has(to)))).toEqual([])
  })

  it('leaves the outside to the few files that are for it', () => {
    const permitted = (path: string, name: string) =>
      PACKAGES.some(([specifier, files]) => specifier.test(name) && files.test(path))
    const found = list(({ path, packages }) => packages.filter((name) => !permitted(path, name)))
    expect(found).toEqual([])
  })

  it('asks the process only where that is the subject', () => {
    const asking = all.filter(({ touchesProcess }) => touchesProcess).map(({ path }) => path)
    expect(asking.filter((path) => !PROCESS.test(path))).toEqual([])
  })

  it.each([
    ['index.ts', '#crypto', '#crypto-sync'],
    ['sync.ts', '#crypto-sync', '#crypto'],
  ])('%s reaches %s and not %s', (entry, own, other) => {
    const packages = [...reachable(modules, [entry])].flatMap(
      (path) => modules.get(path)?.packages ?? [],
    )
    expect(packages).toContain(own)
    expect(packages).not.toContain(other)
  })
})

describe('the house rules', () => {
  it('no export *, default export, module-level state, computed import or odd spelling', () => {
    expect(list(({ faults }) => faults)).toEqual([])
  })

  it(`no file above ${MOST_LINES} lines`, () => {
    expect(list(({ lines }) => (lines > MOST_LINES ? [String(lines)] : []))).toEqual([])
  })
})
