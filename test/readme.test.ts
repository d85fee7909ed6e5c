import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { root } from './support/packed.ts'

const PAPERS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const blocks = (text: string, language: string): string[] =>
  Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')),
    ([, code]) => code ?? '',
  )

const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, unknown>
  scripts: Record<string, string>
}

/** What the snippets speak of without saying where it comes from. */
const PRELUDE = `
import type { Credentials as Key, ReceivedRequest, SignedRequest } from 'countersign'
declare const credentials: Key
declare const keys: Map<string, Key>
declare const myProvider: () => Promise<Key>
declare const received: ReceivedRequest
`
const KNOWN_ELSEWHERE = 'declare const signed: SignedRequest\ndeclare const response: Response\n'

/** What the compiler says of texts, each taken for a file of this project. */
function complaints(texts: readonly string[]): string[] {
  const codes = new Map(texts.map((text, at) => [join(root, 'test', `snippet${at}.ts`), text]))
  const { config } = ts.readConfigFile(join(root, 'tsconfig.all.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => codes.has(name) || fileExists(name)
  host.readFile = (name) => codes.get(name) ?? readFile(name)
  host.getSourceFile = (name, target, ...rest) => {
    const code = codes.get(name)
    return code === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, code, target)
  }
  const program = ts.createProgram([...codes.keys()], { ...options, noUnusedLocals: false }, host)
  const found = [...codes.keys()].flatMap((name) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return (
    found
      .map(({ file, messageText }) => {
        const text = ts.flattenDiagnosticMessageText(messageText, ' ')
        return `${basename(file?.fileName ?? '')}: ${text}`
      })
      // A snippet may return from the handler that it is a part of.
      .filter((text) => !/'return' statement can only be used/.test(text))
  )
}

describe('README.md', () => {
  it('is shorter than 200 lines, and starts with code', () => {
    const lines = read('README.md').split('\n')
    expect(lines.length).toBeLessThan(200)
    expect(lines.indexOf('```ts')).toBeLessThan(6)
  })

  it('sets up with exactly two commands, which exist', () => {
    const commands = blocks(read('README.md'), 'sh').join('').trim().split('\n')
    expect(commands.map((line) => line.split(' #')[0]?.trim())).toEqual([
      'npm ci && npm run demo',
      'npm cit',
    ])
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['demo', 'test']))
  })

  it('names every entry, and no other', () => {
    const named = new Set(read('README.md').match(/countersign\/[\w-]+/g))
    const entries = Object.keys(manifest.exports)
      .filter((path) => /^\.\/[\w-]+$/.test(path))
      .map((path) => `countersign${path.slice(1)}`)
    expect([...named].sort()).toEqual(entries.sort())
  })

  it('has snippets that compile', () => {
    const snippets = blocks(read('README.md'), 'ts').map((code) => {
      const known = /const (signed|response)\b/.test(code) ? '' : KNOWN_ELSEWHERE
      return PRELUDE + known + code
    })
    expect(snippets.length).toBeGreaterThan(6)
    // The last one shows that the compiler sees them.
    const found = complaints([...snippets, `${PRELUDE}received.nothing`])
    expect(found).toEqual([
      expect.stringMatching(`^snippet${snippets.length}.ts: Property 'nothing'`),
    ])
  }, 60_000)
})

describe.each(PAPERS)('%s', (name) => {
  it('links to files that exist', () => {
    const links = Array.from(read(name).matchAll(/\]\((?!https?:)([^)#]+)/g), ([, to]) => to ?? '')
    expect(links.filter((to) => !existsSync(join(root, to)))).toEqual([])
  })

  it('names scripts that exist', () => {
    const scripts = Array.from(
      read(name).matchAll(/npm run ([\w:-]+)/g),
      ([, script]) => script ?? '',
    )
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([])
  })
})
