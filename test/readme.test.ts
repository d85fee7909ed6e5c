import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FIGURES, readFigures } from '../bench/report.ts'
import { root } from './support/packed.ts'
import { blocks, complaints, completed, read } from './support/snippets.ts'

const PAPERS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']

const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, unknown>
  scripts: Record<string, string>
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
    const snippets = blocks(read('README.md'), 'ts').map(completed)
    expect(snippets.length).toBeGreaterThan(6)
    // The last one shows that the compiler sees them.
    const found = complaints([...snippets, completed('received.nothing')])
    expect(found).toEqual([
      expect.stringMatching(`^snippet${snippets.length}.ts: Property 'nothing'`),
    ])
  }, 60_000)
})

describe('the table against the peers', () => {
  const row = (title: string): string[] => {
    const line = read('README.md')
      .split('\n')
      .find((it) => it.startsWith(`| ${title}`))
    return (line ?? '')
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim())
  }
  const { speed = {}, size = {} } = readFigures(FIGURES)
  const micros = (name: string) => {
    const value = speed[name] ?? Number.NaN
    return value < 100 ? value.toFixed(1) : `${Math.round(value)}`
  }
  const kilobytes = (name: string) => ((size[name] ?? Number.NaN) / 1000).toFixed(1)

  it('has the figures that bench and size have kept', () => {
    expect(row('µs')).toEqual(
      ['countersign', 'aws4', 'aws4fetch', '@smithy/signature-v4, node:crypto'].map(micros),
    )
    expect(row('kB')).toEqual([
      kilobytes('countersign { sign }'),
      'for Node',
      kilobytes('aws4fetch { AwsV4Signer }'),
      kilobytes('@smithy/signature-v4 + sha256-js'),
    ])
  })

  it('counts the dependencies, and the cases of peers-wrong.test.ts', () => {
    const dependencies = (folder: string) =>
      `${Object.keys(JSON.parse(read(`${folder}package.json`)).dependencies ?? {}).length}`
    expect(row('dependencies')).toEqual(
      ['', 'aws4', 'aws4fetch', '@smithy/signature-v4'].map((name) =>
        dependencies(name && `node_modules/${name}/`),
      ),
    )
    const titles = Array.from(
      read('test/peers-wrong.test.ts').matchAll(/'(aws4fetch|aws4|smithy) [a-z]/g),
      ([, peer]) => peer,
    )
    const wrong = (peer: string) => `${titles.filter((title) => title === peer).length}`
    expect(row('signed wrong')).toEqual(['0', wrong('aws4'), wrong('aws4fetch'), wrong('smithy')])
  })

  it('says no where a peer has no such name', async () => {
    // By a name that the compiler does not read: aws4 has no types.
    const names = async (name: string) => Object.keys(await import(/* @vite-ignore */ name)).join()
    for (const name of ['aws4', 'aws4fetch', '@smithy/signature-v4'])
      expect(await names(name), name).not.toMatch(/verif|explain|policy/i)
    expect(row('verifies')).toEqual(['yes', 'no', 'no', 'no'])
  })
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
