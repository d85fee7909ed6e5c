import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from './support/packed.ts'
import { read } from './support/snippets.ts'

const SITE = join(root, 'docs/.vitepress/dist')

describe('npm run docs', () => {
  // A link that leads nowhere, in a page or a docstring, fails it.
  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'docs'], { cwd: root, stdio: 'pipe' })
  }, 300_000)

  it('builds every page', () => {
    const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
    const built = pages.map((name) => name.replace('.md', '.html'))
    expect(readdirSync(SITE)).toEqual(expect.arrayContaining(built))
  })

  it('has the explainer, which its pages lead to', () => {
    expect(read('docs/.vitepress/dist/explainer.html')).toContain("connect-src 'none'")
    expect(read('docs/.vitepress/dist/sign.html')).toContain('href="/explainer.html"')
  })

  it('builds a reference of every entry, with its docstrings', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object }
    const entries = Object.keys(exports)
      .filter((path) => !path.endsWith('.json'))
      .map((path) => (path === '.' ? 'index' : path.slice(2)))
    const missing = entries.filter(
      (name) => !existsSync(join(SITE, `reference/${name}/index.html`)),
    )
    expect(missing).toEqual([])
    const sign = read('docs/.vitepress/dist/reference/index/functions/sign.html')
    expect(sign).toContain('Signs a request in its Authorization header.')
  })
})
