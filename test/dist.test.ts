import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { build as buildByVite, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { taking } from '../bench/bundle.ts'
import { hashSource } from '../scripts/build-plugins.ts'
import type { SyncCryptoBackend } from '../src/crypto/backend.ts'
import { backend as node } from '../src/crypto/node.ts'
import {
  bundled,
  filesImported,
  filesRequired,
  manifest,
  nodeNamesIn,
  platform,
  platformFile,
} from './support/dist-files.ts'
import { root } from './support/packed.ts'

const ENTRIES = Object.keys(manifest.exports).filter((path) => path !== './package.json')
const NODE_ONLY = ['./node-http', './undici', './testing', './node-credentials']
const FOR_BROWSERS = ENTRIES.filter((path) => !NODE_ONLY.includes(path))
const nameOf = (path: string): string => `countersign${path.slice(1)}`

/** How a bundler for browsers resolves. */
const BROWSER = ['module', 'browser', 'import']

/** The module of the source that a target in `dist` is built from. */
const sourceOf = (target: string): string =>
  join(root, target.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))

describe('the files that Node opens for an entry', () => {
  it.each([
    ['import', 'js', filesImported],
    ['require', 'cjs', filesRequired],
  ] as const)('are three for %s of countersign', async (_, extension, filesOf) => {
    const files = await filesOf('.')
    expect(files).toHaveLength(3)
    expect(files).toContain(`dist/verbs/node.${extension}`)
    expect(files.filter((path) => !path.endsWith(`.${extension}`))).toEqual([])
  })

  it.each(ENTRIES)('are few for %s', async (path) => {
    expect((await filesImported(path)).length).toBeLessThanOrEqual(7)
    expect(filesRequired(path).length).toBeLessThanOrEqual(7)
  })
})

describe('entries that are loaded together', () => {
  const LOAD = `
  const modules = await Promise.all(names.map((name) => load(name)))
  const [{ CountersignError, sign }, synchronous, s3, { signedFetch }] = modules
  const caught = async (call) => {
    try { await call() } catch (error) { return error instanceof CountersignError }
  }
  const report = [
    CountersignError === synchronous.CountersignError,
    await caught(() => sign({ url: '/' }, {})),
    await caught(() => synchronous.sign({ url: '/' }, {})),
    await caught(() => s3.createPostPolicy({}, {})),
    await caught(() => signedFetch({ service: 's3', region: 'r', credentials: {} })('https://a.b')),
  ]
  console.log(JSON.stringify(report))`

  it.each([
    ['module', 'import(name)'],
    ['commonjs', 'require(name)'],
  ])('throw one CountersignError, as %s', (type, load) => {
    const names = ['countersign', 'countersign/sync', 'countersign/s3', 'countersign/fetch']
    const program = `;(async () => { const names = ${JSON.stringify(names)}
    const load = (name) => ${load};${LOAD} })()`
    const printed = execFileSync(process.execPath, [`--input-type=${type}`, '-e', program], {
      ...{ cwd: root, encoding: 'utf8' },
    })
    expect(JSON.parse(printed)).toEqual([true, true, true, true, true])
  })
})

describe('what is at the top of a module', () => {
  // Without a package.json that says there are no side effects, a bundler must see it by itself.
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-dist-'))
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  // Nobody bundles the program, Node's own choice and the test server, which imports what Node has.
  const modules = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.js') && !/^(cli|node|testing|verbs\/node)\.js$/.test(path))
  const resolved = (target: string): string => join(folder, target)
  const aliases = () =>
    Object.keys(manifest.imports).map((name) => [name, platformFile(name, BROWSER, resolved)])

  it.each(modules)('of %s leaves nothing in a bundle that does not use it', async (path) => {
    const { code } = await bundled(`import '${join(folder, 'dist', path)}'`, {
      plugins: [platform(BROWSER, resolved)],
      ...{ external: ['node:*'], minify: true },
    })
    expect(code.replace(/import[^;]*"node:\w+";/g, '')).toBe('')
  })

  it('leaves nothing in a bundle of Vite either', async () => {
    const result = await buildByVite({
      ...{ configFile: false, logLevel: 'silent', root: folder },
      build: {
        ...{ write: false, minify: false },
        rollupOptions: { input: join(folder, 'dist/index.js') },
      },
      resolve: { alias: Object.fromEntries(aliases()) },
    })
    const { output } = (Array.isArray(result) ? result[0] : result) as Rollup.RollupOutput
    expect(output[0].code.trim()).toBe('')
  })
})

describe('a name of the package, bundled for a browser', () => {
  const fromDist = { plugins: [platform(BROWSER, (target) => join(root, target))] }
  const fromSource = { plugins: [platform(BROWSER, sourceOf), hashSource] }
  const minified = { minify: true, legalComments: 'none' } as const
  // Before gzip, which takes the same code for 30 bytes more or less by the order that it stands in.
  const sizeOf = async (contents: string, options: object): Promise<number> =>
    Buffer.byteLength((await bundled(contents, { ...options, ...minified })).code)

  it.each(FOR_BROWSERS)('of %s takes no more from dist than from src', async (path) => {
    const target = `./dist/${path === '.' ? 'index' : path.slice(2)}.js`
    const names = Object.keys((await import(join(root, target))) as object)
    const grown: [name: string, bytes: number][] = []
    for (const name of names.filter((name) => name !== 'explain')) {
      const dist = await sizeOf(taking(name, target), fromDist)
      const source = await sizeOf(taking(name, sourceOf(target)), fromSource)
      grown.push([name, dist - source])
    }
    expect(grown).not.toEqual([])
    expect(grown.filter(([, bytes]) => bytes > 30)).toEqual([])
  })
})

describe('an entry that a browser may load', () => {
  it.each(FOR_BROWSERS)('%s speaks of Node in none of its modules', async (path) => {
    const { metafile } = await bundled(`export * from '${nameOf(path)}'`, { platform: 'neutral' })
    const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>')
    expect(inputs.length).toBeGreaterThan(1)
    expect(inputs.filter((input) => !input.startsWith('dist/'))).toEqual([])
    expect(inputs.flatMap(nodeNamesIn)).toEqual([])
  })
})

it('asks for no package at run time', () => {
  expect(manifest.dependencies).toBeUndefined()
})

describe('the portable hash, as it is built', () => {
  const file = join(root, 'dist/crypto/js.js')
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at * 7)

  it("hashes as Node does, bodies and keys on both sides of a block's end", async () => {
    const { backend } = (await import(file)) as { backend: SyncCryptoBackend }
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      expect(backend.sha256(bytes(length))).toBe(node.sha256(bytes(length)))
      expect(backend.hmacHex(bytes(length), 'text')).toBe(node.hmacHex(bytes(length), 'text'))
    }
  })

  // To hash 512 MiB in JavaScript takes ten seconds; what the source of the package writes there is
  // `Math.floor(bitsHashed / 0x100000000), true`, of which the last says: little end first.
  it('writes the length of more than 512 MiB big end first', () => {
    const [, upper] =
      /setUint32\(\s*56,([^;]*?)\)[,;] *bufferView\.setUint32\(60/.exec(
        readFileSync(file, 'utf8'),
      ) ?? []
    expect(upper?.trim()).toBe('Math.floor(bitsHashed / 4294967296)')
  })
})

describe('NOTICE', () => {
  const notice = readFileSync(join(root, 'NOTICE'), 'utf8')

  it.each([
    ['@aws-crypto/sha256-js', 'Apache-2.0', 'Apache License, Version 2.0'],
    ['@aws-sdk/checksums', 'Apache-2.0', 'Apache License, Version 2.0'],
    ['@noble/hashes', 'MIT', 'The MIT License (MIT)'],
  ])('names %s, which is in the package, with its version and licence', (name, licence, text) => {
    const source = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
    const { version, license } = JSON.parse(source) as Record<string, string>
    expect(license).toBe(licence)
    const [, after] = notice.split(`${name} ${version}, by `)
    expect(after?.split(/^ {2}@/m)[0]).toContain(text)
  })

  it('names every package whose code is in the build', async () => {
    const { metafile } = await build({
      entryPoints: readdirSync(join(root, 'src'))
        .filter((path) => path.endsWith('.ts'))
        .map((path) => join(root, 'src', path)),
      ...{ bundle: true, write: false, metafile: true, outdir: 'dist', format: 'esm' },
      ...{ platform: 'node', plugins: [hashSource], logLevel: 'silent' },
      // A peer stays where its user has installed it.
      external: ['#*', ...Object.keys(manifest.peerDependencies ?? {})],
    })
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput ? path : [])),
    )
    const packages = new Set(
      inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    )
    expect(packages.size).toBeGreaterThan(1)
    expect([...packages].filter((name) => !notice.includes(`  ${name} `))).toEqual([])
  })
})
