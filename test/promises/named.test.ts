import { existsSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const text = readFileSync('SECURITY.md', 'utf8')
const start = text.indexOf('### What countersign defends')
const promises = text
  .slice(start, text.indexOf('### What it does not'))
  .split('\n')
  .filter((line) => line.startsWith('- '))

/** Words as they are read, without what shapes them. */
const plain = (words: string): string => words.replace(/[`*_\\]/g, '').toLowerCase()

/** The names of a file's tests, each behind those of the blocks that it stands in. */
function namesOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const names: string[] = []
  const visit = (node: ts.Node, before: string): void => {
    let within = before
    if (ts.isCallExpression(node) && /^(it|describe)\b/.test(node.expression.getText())) {
      const [name] = node.arguments
      if (name && ts.isStringLiteralLike(name)) within = `${before} ${name.text}`
      if (within !== before && node.expression.getText().startsWith('it')) names.push(plain(within))
    }
    ts.forEachChild(node, (child) => visit(child, within))
  }
  visit(file, '')
  return names
}

// What it does not defend, too, is told with its tests, where there are some.
const links = text.split('\n').flatMap((line) =>
  Array.from(line.matchAll(/\[([^\]]+)\]\((test\/[^)]+)\)/g), ([, words = '', path = '']) => ({
    words: plain(words),
    path,
  })),
)

describe('what SECURITY.md promises', () => {
  it('is linked to its tests, each promise of it', () => {
    expect(promises.length).toBeGreaterThan(15)
    expect(promises.filter((promise) => !/\]\(test\/[\w/-]+\.test\.ts\)/.test(promise))).toEqual([])
  })

  it.each(links)('has a test by its words: $words', ({ words, path }) => {
    expect(existsSync(path)).toBe(true)
    expect(namesOf(path).filter((name) => name.includes(words))).not.toEqual([])
  })

  it('is not found in a file that has no such test', () => {
    const names = namesOf('test/promises/requests.test.ts')
    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => name.includes('a request that was sold'))).toEqual([])
  })
})
