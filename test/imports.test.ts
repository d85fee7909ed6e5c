import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cyclesOf, type Module, reachable, readModules } from './support/module-graph.ts'
import { type Manifest, targetsOf } from './support/packed.ts'

/**
 * The storeys of the house, from the ground up: a file imports from lower storeys, or sideways
 * within its room. A name with a slash stands for all files of the room that are not named.
 */
const STOREYS: readonly (readonly string[])[] = [
  // Nouns and contracts, which everyone may speak of.
  ['model/', 'lib/', 'crypto/backend.ts'],
  ['canonical/', 'inputs/'],
  ['crypto/', 'credentials/', 'endpoints/'],
  ['algorithms/'],
  // The two roads.
  ['sign/', 'verify/'],
  ['explain/', 's3/', 'eventstream/', 'fetch/'],
  // The verbs, bound to what the platform has.
  ['verbs/'],
  ['adapters/', 'providers/'],
  ['tokens/'],
  // What Node alone has.
  ['node-credentials/'],
  ['testing/', 'probe/'],
  ['cli/'],
]

/** Rooms with storeys of their own, from the ground up. */
const WITHIN: readonly (readonly string[])[] = [
  [
    'explain/types.ts',
    'explain/diagnosis.ts',
    'explain/case/',
    'explain/search/',
    'explain/answer/',
    'explain/report/',
    'explain/explain.ts',
  ],
]

/** Who may import from outside of src. */
const PACKAGES: readonly (readonly [specifier: RegExp, files: RegExp])[] = [
  [
    /^#crypto$/,
    /^(verbs\/(async|events)|algorithms\/sigv4a\/sigv4a|adapters\/(smithy|signed-fetch)|providers\/key-handles|tokens\/(caller-identity|presigned|ses)|s3\/.*|testing\/connection\/events|probe\/.*)\.ts$/,
  ],
  [/^#p256$/, /^algorithms\/sigv4a\/sigv4a\.ts$/],
  [/^#(explain|verify)$/, /^verbs\/async\.ts$/],
  [/^#crypto-sync$/, /^verbs\/sync\.ts$/],
  [/^node:crypto$/, /^(crypto\/(p256-)?node(-\w+)?|(testing|probe|cli)\/.*)\.ts$/],
  [/^@smithy\/shared-ini-file-loader$/, /^node-credentials\/files\.ts$/],
  [/^@aws-sdk\/credential-provider-sso$/, /^node-credentials\/profile\.ts$/],
  [/package\.json$/, /^cli\/main\.ts$/],
  [/^@aws-crypto\/sha256-js\/build\/main\/RawSha256\.js$/, /^crypto\/js\.ts$/],
  [/^@noble\/hashes\/(legacy|sha2)\.js$|^@aws-sdk\/checksums\/crc$/, /^crypto\/checksums\.ts$/],
  [/^@aws-sdk\/checksums\/xxh$/, /^testing\/s3\/checksums\.ts$/],
  [
    /^node:(?!crypto)/,
    /^(crypto\/node(-\w+)?\.ts|cli\/|adapters\/|testing\/|probe\/|node-credentials\/)/,
  ],
]

// A page is told from Node by its process.
const PROCESS =
  /^(credentials\/(env|resolve)\.ts|crypto\/node-modules\.ts|cli\/|adapters\/|testing\/|node-credentials\/)/

const MOST_LINES = 300

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest
const modules = readModules(`${root}/src`)
const all = [...modules.values()]

/** The doors: files at the root, which only list what is behind them. */
const isDoor = (path: string): boolean => !path.includes('/')

/** The storey of a file; a door stands above all. */
function storeyOf(path: string): number {
  if (isDoor(path)) return STOREYS.length
  const exact = STOREYS.findIndex((names) => names.includes(path))
  const folder = (name: string) => name.endsWith('/') && path.startsWith(name)
  return exact < 0 ? STOREYS.findIndex((names) => names.some(folder)) : exact
}

const folderOf = (path: string): string => path.slice(0, path.indexOf('/') + 1)

/** Whether a room's own storeys allow it, where it has some. */
const allowedWithin = (from: string, to: string): boolean =>
  WITHIN.every((names) => {
    const [above, below] = [from, to].map((path) =>
      names.findIndex((name) => path === name || (name.endsWith('/') && path.startsWith(name))),
    ) as [number, number]
    return above < 0 || below < 0 || above >= below
  })

function allowed(from: string, to: string): boolean {
  const [above, below] = [storeyOf(from), storeyOf(to)]
  if (above !== below) return above > below
  return (folderOf(from) === folderOf(to) && allowedWithin(from, to)) || above === 0
}

/** The file of the source that a file of dist is built from; Node's door is the first of all with its choices made. */
const builtFrom = (target: string): string =>
  target
    .slice('./dist/'.length)
    .replace(/(\.d)?\.c?[jt]s$/, '.ts')
    .replace(/^node\.ts$/, 'index.ts')

/** Every source file that package.json names by what it is built to. */
const entries = [
  ...new Set(
    targetsOf([manifest.exports, manifest.imports, manifest.bin])
      .filter((target) => target.startsWith('./dist/'))
      .map(builtFrom),
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

describe('the doors', () => {
  const doors = all.filter(({ path }) => isDoor(path)).map(({ path }) => path)
  const named = targetsOf([manifest.exports, manifest.bin])
    .filter((target) => /^\.\/dist\/[\w-]+\.js$/.test(target))
    .map(builtFrom)

  it('are what package.json names in exports and bin, and nothing else', () => {
    expect(doors.sort()).toEqual([...new Set(named)].sort())
  })

  it.each(doors)('%s says what it is for, and only lists what is behind it', (path) => {
    const source = readFileSync(`${root}/src/${path}`, 'utf8').replace(/^#!.*\n/, '')
    expect(source).toMatch(/^\/\*\*\n \* \S.*\n/)
    const code = source.replace(/\/\*\*.*?\*\//gs, '')
    const lists = /^\s*((export (type )?\{[^}]*\} from|import) '\.\/[\w./-]+'\s*)+$/
    expect(code).toMatch(lists)
  })
})

describe('the house rules', () => {
  it('no export *, default export, module-level state or odd spelling, and one computed import', () => {
    // A file that could not be opened has its name at run time.
    expect(list(({ faults }) => faults)).toEqual(['crypto/node-loading.ts: computed import'])
  })

  it(`no file above ${MOST_LINES} lines`, () => {
    expect(list(({ lines }) => (lines > MOST_LINES ? [String(lines)] : []))).toEqual([])
  })
})
