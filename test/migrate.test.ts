import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { read } from './support/snippets.ts'

const page = read('docs/migrate.md')

/** The words in the first column of the table that is headed so. */
function wordsOf(library: string): Set<string> {
  const start = page.indexOf(`\n| ${library} `)
  const table = page.slice(start, page.indexOf('\n\n', start + 1))
  return new Set(table.split('\n').flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? []))
}

const fileOf = (path: string): string => readFileSync(`node_modules/${path}`, 'utf8')

/** The names of the members that declarations have, of some interfaces or of all literals. */
function membersOf(path: string, isAsked: (node: ts.Node) => boolean): string[] {
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && isAsked(node.parent)) names.push(node.name.getText())
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, fileOf(path), ts.ScriptTarget.Latest, true))
  return names
}

const named =
  (...names: string[]) =>
  (node: ts.Node): boolean =>
    ts.isInterfaceDeclaration(node) && names.includes(node.name.text)

const types = '@smithy/types/dist-types/signature.d.ts'
const LIBRARIES: Readonly<Record<string, string[]>> = {
  aws4: [...fileOf('aws4/aws4.js').matchAll(/\brequest\.(\w+)/g)].map(([, name]) => name ?? ''),
  // A URL is typed as what has a `toString`.
  aws4fetch: membersOf('aws4fetch/dist/main.d.ts', ts.isTypeLiteralNode).filter(
    (name) => name !== 'toString',
  ),
  '@smithy/signature-v4': [
    ...membersOf(
      '@smithy/signature-v4/dist-types/SignatureV4Base.d.ts',
      named('SignatureV4Init', 'SignatureV4CryptoInit'),
    ),
    ...membersOf(
      types,
      named(
        'SigningArguments',
        'RequestSigningArguments',
        'RequestPresigningArguments',
        'EventSigningArguments',
        'EventStreamRequestScopedCredentials',
      ),
    ),
  ],
}

describe('the tables of docs/migrate.md', () => {
  it.each(Object.entries(LIBRARIES))('have every option of %s', (library, options) => {
    const asked = [...new Set(options)]
    expect(asked.length).toBeGreaterThan(10)
    const known = wordsOf(library)
    expect(asked.filter((option) => !known.has(option))).toEqual([])
  })
})
