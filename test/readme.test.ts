import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
