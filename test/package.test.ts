import { execFileSync, spawnSync } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, type Setup } from './support/consumer.ts'
import { entriesOf, type Packed, packAndInstall, root, targetsOf } from './support/packed.ts'

let packed: Packed
beforeAll(() => {
  packed = packAndInstall()
})
afterAll(() => packed?.remove())

describe('the files of the package', () => {
  it('are the build, the papers and nothing else', () => {
    const outside = packed.files.filter((path) => !/^(dist|docs|examples)\//.test(path)).sort()
    expect(outside).toEqual([
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'NOTICE', 'README.md', 'SECURITY.md'],
      'package.json',
    ])
    const papers = packed.files.filter((path) => /^(docs|examples)\//.test(path))
    const form =
      /^(docs\/[\w-]+\.md|docs\/images\/[\w-]+\.(svg|png)|examples\/(upload-page\/)?[\w.-]+\.(ts|html))$/
    expect(papers.filter((path) => !form.test(path))).toEqual([])
    const inside = packed.files.filter((path) => path.startsWith('dist/'))
    expect(inside.filter((path) => !/\.(js|cjs|d\.ts|d\.cts)$/.test(path))).toEqual([
      'dist/explainer.html',
    ])
  })

  it('include the explainer as one page, which names no other file', () => {
    const page = readFileSync(join(packed.installed, 'dist/explainer.html'), 'utf8')
    const [head = ''] = page.split('<style>')
    expect(head).toContain("default-src 'none'; script-src 'sha256-")
    expect(head).toContain("connect-src 'none'")
    const markup = page.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '')
    const named = Array.from(markup.matchAll(/\b(?:src|href)="([^"]*)"/g), ([, to = '']) => to)
    expect(named.filter((to) => !/^(#|data:image\/)/.test(to))).toEqual([])
    // README states the size.
    expect(page.length).toBeLessThan(180_000)
  })

  it('include all that the README, and the pages that it leads to, link to and show', () => {
    const linksOf = (page: string): string[] => {
      const text = readFileSync(join(packed.installed, page), 'utf8')
      const found = text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)
      return Array.from(found, ([, link, image]) => link ?? image ?? '')
        .filter((to) => !/^(https?:|mailto:|#)/.test(to))
        .map((to) => join(dirname(page), to.replace(/#.*$/, '')))
    }
    const pages = linksOf('README.md')
    const docs = pages.filter((path) => /^docs\/.*\.md$/.test(path))
    expect(docs.length).toBeGreaterThan(10)
    // The reference is made by the site, for each of whose pages a link has no `.md`.
    const wanted = [...pages, ...docs.flatMap(linksOf)]
      .filter((path) => !path.startsWith('docs/reference/'))
      .map((path) => path.replace(/^(docs\/[\w-]+)$/, '$1.md'))
    expect([...new Set(wanted)].filter((path) => !packed.files.includes(path))).toEqual([])
  })

  it('include every target of package.json', () => {
    const { exports, imports, bin, main, module, types } = packed.manifest
    const targets = targetsOf([exports, imports, bin, main, module, types]).map(normalize)
    expect(targets.filter((path) => !packed.files.includes(path))).toEqual([])
  })

  it('have an entry for each format, with its own types', () => {
    const { exports } = packed.manifest
    for (const [path, target] of Object.entries(exports)) {
      if (path === './package.json') continue
      const name = path === '.' ? 'index' : path.slice(2)
      // Of the first entry Node takes a door of its own; a bundler, also one for Node, does not.
      const [door, required] =
        path === '.'
          ? [{ module: './dist/index.js', node: './dist/node.js' }, { node: './dist/node.cjs' }]
          : [{}, {}]
      expect(target, path).toEqual({
        import: { types: `./dist/${name}.d.ts`, ...door, default: `./dist/${name}.js` },
        require: { types: `./dist/${name}.d.cts`, ...required, default: `./dist/${name}.cjs` },
      })
    }
  })
})

/** Signs with an entry; the same text in both formats, so that all four answers can be compared. */
const SIGN = `
const options = { service: 'execute-api', region: 'eu-west-1', signingDate: new Date(1e12),
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } }
const signOnce = async ({ sign }) =>
  (await sign({ url: 'https://example.com/a?b=c', body: 'body' }, options)).signature`

const REPORT = `
;(async () => {
  const report = {}
  for (const name of entries) {
    const module = await load(name)
    const names = Object.keys(module).filter((key) => key !== 'module.exports').sort()
    report[name] = { names, signature: module.sign && (await signOnce(module)) }
  }
  console.log(JSON.stringify(report))
})()`

type Report = Record<string, { names: string[]; signature?: string }>

function loadAll(format: 'import' | 'require'): Report {
  const entries = `const entries = ${JSON.stringify(entriesOf(packed.manifest, format))}`
  const load = `const load = (name) => ${format}(name)`
  const type = format === 'import' ? 'module' : 'commonjs'
  const output = execFileSync(
    process.execPath,
    [`--input-type=${type}`, '-e', [entries, load, SIGN, REPORT].join('\n')],
    { cwd: packed.consumer, encoding: 'utf8' },
  )
  return JSON.parse(output) as Report
}

describe('installed from the tarball', () => {
  it('every entry loads as ESM and as CommonJS, with the same names', () => {
    const imported = loadAll('import')
    const required = loadAll('require')
    expect(Object.keys(imported)).toContain('countersign/sync')
    for (const [entry, { names }] of Object.entries(imported)) {
      expect(names, entry).not.toHaveLength(0)
      expect(names, entry).not.toContain('default')
      expect(required[entry]?.names, entry).toEqual(names)
    }
    expect(Object.keys(required)).toEqual(Object.keys(imported))
  })

  it('root and sync sign alike in both formats', () => {
    const reports = [loadAll('import'), loadAll('require')]
    const signatures = reports.flatMap((report) => [
      report.countersign?.signature,
      report['countersign/sync']?.signature,
    ])
    expect(signatures[0]).toMatch(/^[\da-f]{64}$/)
    expect(new Set(signatures).size).toBe(1)
  })
})

const NEUTRAL = `
import { CountersignError, createSigner, presign, sign, type SignedRequest, type Trace } from 'countersign'
import { sign as signSync } from 'countersign/sync'
const options = {
  service: 's3', region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
}
const request = { url: 'https://example.com/', body: 'text' }
export const signed: Promise<SignedRequest> = sign(request, options)
export const atOnce: Trace = signSync(request, options).trace
export const expiresAt: Promise<Date> = presign(request, options).then((it) => it.expiresAt)
export const signer = createSigner({ ...options, credentials: async () => options.credentials })
export const headers: Promise<Record<string, string>> = signer.sign(request).then((it) => it.headers)
export const code = (error: unknown): string => (error instanceof CountersignError ? error.code : '')
// @ts-expect-error -- region is never guessed
sign(request, { service: 's3', credentials: options.credentials })
`

const BROWSER = `
import { createSigner, sign } from 'countersign'
const options = {
  service: 's3', region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
}
const request = { url: new URL('https://example.com/'), headers: new Headers({ a: 'b' }) }
export const sent: Promise<Response> = sign(request, options).then((it) => fetch(it.url, it))
export const whole = sign(new Request('https://example.com/'), options)
export const response: Promise<Response> = createSigner(options).fetch('https://example.com/', { method: 'PUT', body: 'x' })
`

describe('the declarations', () => {
  const all = (): string =>
    entriesOf(packed.manifest, 'import')
      .map(
        (name, i) =>
          `import * as entry${i} from '${name}'\nexport type Names${i} = keyof typeof entry${i}`,
      )
      .join('\n')

  const bare: Setup[] = [
    { moduleResolution: 'bundler' },
    { moduleResolution: 'node16' },
    { moduleResolution: 'nodenext' },
  ]
  it.each(bare)('compile under $moduleResolution with neither DOM nor Node types', (setup) => {
    const sources = { 'use.mts': NEUTRAL, 'use.cts': NEUTRAL, 'all.mts': all(), 'all.cts': all() }
    expect(compile(packed.consumer, sources, setup)).toEqual([])
  })

  it.each<[string, Setup]>([
    ['a browser', { moduleResolution: 'bundler', lib: ['dom', 'dom.iterable'] }],
    ['Node', { moduleResolution: 'nodenext', types: ['node'] }],
  ])('fit the fetch of %s', (_, setup) => {
    expect(compile(packed.consumer, { 'fetch.mts': BROWSER }, setup)).toEqual([])
  })

  it('say Uint8Array, which every TypeScript reads alike, without a type argument', () => {
    const dist = join(packed.installed, 'dist')
    const found = readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.d\.c?ts$/.test(name))
      .filter((name) => readFileSync(join(dist, name), 'utf8').includes('Uint8Array<'))
    expect(found).toEqual([])
  })
})

describe('the checkers', () => {
  it('publint finds nothing', async () => {
    const { messages, pkg } = await publint({ pkgDir: packed.installed, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  it('are the types wrong? finds nothing', () => {
    const attw = join(root, 'node_modules/.bin/attw')
    const options = [packed.tarball, '--format', 'json', '--no-definitely-typed']
    // Its status says whether there are problems; which ones is in the report: a file, as it ends
    // before a pipe has taken all of a long one.
    const report = join(packed.consumer, 'attw.json')
    spawnSync(attw, options, { stdio: ['ignore', openSync(report, 'w'), 'ignore'] })
    const { analysis } = JSON.parse(readFileSync(report, 'utf8')) as {
      analysis: { types: unknown; problems: { resolutionKind?: string }[] }
    }
    expect(analysis.types).toMatchObject({ kind: 'included' })
    // node10's resolution does not know `exports`, and so no entry but the root.
    expect(analysis.problems.filter((it) => it.resolutionKind !== 'node10')).toEqual([])
  })
})
