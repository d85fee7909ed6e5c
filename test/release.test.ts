import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './support/packed.ts'
import { read } from './support/snippets.ts'

const manifest = JSON.parse(read('package.json')) as {
  version: string
  exports: Record<string, unknown>
  imports: Record<string, unknown>
  devDependencies: Record<string, string>
}

describe('a note of a change, made by `npx changeset`', () => {
  let copy: string
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'countersign-release-'))
    for (const name of ['package.json', 'CHANGELOG.md', '.changeset'])
      cpSync(join(root, name), join(copy, name), { recursive: true })
    const note = '---\n"countersign": minor\n---\n\nIt sings.\n'
    writeFileSync(join(copy, '.changeset/a-note.md'), note)
    execFileSync(join(root, 'node_modules/.bin/changeset'), ['version'], {
      ...{ cwd: copy, stdio: 'pipe' },
    })
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  it('raises the version, and is used up', () => {
    const [, minor] = manifest.version.split('.')
    const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'))
    expect(version).toMatch(new RegExp(`^\\d+\\.${Number(minor) + 1}\\.0$`))
    expect(readdirSync(join(copy, '.changeset'))).not.toContain('a-note.md')
  })

  it('stands on top of the changelog, whose older versions stay', () => {
    const changelog = readFileSync(join(copy, 'CHANGELOG.md'), 'utf8')
    const versions = Array.from(changelog.matchAll(/^## (.*)$/gm), ([, title]) => title)
    expect(versions.length).toBeGreaterThan(1)
    expect(changelog.indexOf('It sings.')).toBeLessThan(changelog.indexOf(`## ${versions[1]}`))
    expect(changelog.startsWith('# Changelog\n')).toBe(true)
    expect(changelog).toContain(read('CHANGELOG.md').slice('# Changelog\n'.length).trim())
  })
})

describe('jsr.json', () => {
  const jsr = JSON.parse(read('jsr.json')) as typeof manifest

  it('has the version and the entries of package.json', () => {
    expect(jsr.version).toBe(manifest.version)
    expect(Object.keys(jsr.exports)).toEqual(
      Object.keys(manifest.exports).filter((path) => !path.endsWith('.json')),
    )
    for (const [path, file] of Object.entries(jsr.exports))
      expect(file).toBe(`./src/${path === '.' ? 'index' : path.slice(2)}.ts`)
  })

  it('knows every name that package.json makes up, and the package that npm has bundled', () => {
    const platform = Object.keys(manifest.imports)
    expect(Object.keys(jsr.imports)).toEqual(expect.arrayContaining(platform))
    const packages = Object.entries(jsr.imports).filter(([name]) => !platform.includes(name))
    expect(packages.length).toBeGreaterThan(0)
    for (const [name, target] of packages) {
      const [, owner, rest] = /^(@?[^/]+\/[^/]+)(.*)$/.exec(name) ?? []
      expect(target).toBe(`npm:${owner}@${manifest.devDependencies[owner ?? '']}${rest}`)
    }
  })
})

describe('the release workflow', () => {
  const workflow = read('.github/workflows/release.yml')

  it('tests, then publishes with provenance, with no more rights than that takes', () => {
    expect(workflow).toMatch(/npm cit.*npm publish --provenance/s)
    const rights = Array.from(workflow.matchAll(/^ +([\w-]+): (read|write)$/gm), ([line]) =>
      line.trim(),
    )
    expect(rights).toEqual(['contents: read', 'contents: read', 'id-token: write'])
  })

  it('starts by hand or by a tag alone', () => {
    const [, triggers = ''] = /^on:\n(.*?)^\S/ms.exec(workflow) ?? []
    expect(Array.from(triggers.matchAll(/^ {2}(\w+):/gm), ([, name]) => name)).toEqual([
      'workflow_dispatch',
      'push',
    ])
    expect(triggers).toMatch(/tags: \[.v\*.\]/)
    expect(triggers).not.toContain('branches')
  })
})
