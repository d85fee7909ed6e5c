import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readDeclarations } from './support/declarations.ts'
import type { Manifest } from './support/packed.ts'

/** Functions that throw nothing of their own, whatever they are given. */
const NEVER_THROW = [
  'countersign redisReplayGuard',
  'countersign/credentials refreshing',
  'countersign/node-http receivedFrom',
  'countersign/s3 isBodyFault',
  'countersign/sigv4a sigv4aWith',
]

/** Words that say nothing by themselves. */
const EMPTY = new Set('a an the of its it is to for that this or and as in'.split(' '))

const { checker, entries, isOurs } = readDeclarations(
  JSON.parse(readFileSync('package.json', 'utf8')) as Manifest,
)

const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word && !EMPTY.has(word))

/** Whether a text says more than a name does: two words at least that are not in it. */
function tells(name: string, text: string): boolean {
  const own = wordsOf(name)
  return wordsOf(text).filter((word) => !own.includes(word)).length >= 2
}

/** What an editor shows of a node: its own comment, without the tags. */
const shownOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')

const isMember = (node: ts.Node): node is ts.TypeElement | ts.ClassElement =>
  ts.isPropertySignature(node) ||
  ts.isMethodSignature(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isGetAccessorDeclaration(node)

const nameOf = (node: ts.NamedDeclaration): string => node.name?.getText() ?? 'constructor'

/** Every member that is declared within a node, or within what it refers to, and shows nothing. */
function bareMembers(
  start: ts.Declaration,
  entry: string,
  name: string,
  seen: Set<ts.Node>,
): string[] {
  const bare: string[] = []
  const visit = (node: ts.Node, path: string): void => {
    let here = path
    if (isMember(node)) {
      here = `${path}.${nameOf(node)}`
      if (!tells(nameOf(node), shownOf(node))) bare.push(here)
    }
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression
      const symbol = checker.getSymbolAtLocation(name)
      const target =
        symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      for (const declaration of target?.declarations ?? [])
        if (!ts.isTypeParameterDeclaration(declaration))
          enter(declaration, `${entry} ${target?.name}`)
    }
    // What a conditional type compares with is nobody's member.
    const compared = ts.isConditionalTypeNode(node) ? node.extendsType : undefined
    ts.forEachChild(node, (child) => {
      if (child !== compared) visit(child, here)
    })
  }
  const enter = (node: ts.Declaration, path: string): void => {
    if (!isOurs(node) || seen.has(node)) return
    seen.add(node)
    visit(node, path)
  }
  enter(start, `${entry} ${name}`)
  return bare
}

/** All that is exported, with the entry that exports it. */
const exported = [...entries].flatMap(([entry, symbols]) =>
  symbols.map((symbol) => ({ entry, symbol, title: `${entry} ${symbol.name}` })),
)

/** What can be called, with each of its signatures. */
const functions = exported.flatMap(({ symbol, title }) => {
  if (!(symbol.flags & ts.SymbolFlags.Value) || symbol.flags & ts.SymbolFlags.Class) return []
  const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures()
  return signatures.map((signature) => ({ symbol, title, signature }))
})

/** The tags of a signature, or of the constant that holds the function. */
const tagsOf = ({ symbol, signature }: (typeof functions)[number]): ts.JSDocTagInfo[] => {
  const own = signature.getJsDocTags()
  return own.length > 0 ? own : symbol.getJsDocTags(checker)
}

describe('what an editor shows', () => {
  it('reads every entry', () => {
    expect([...entries.keys()]).toContain('countersign/sync')
    for (const [entry, symbols] of entries) expect(symbols.length, entry).toBeGreaterThan(0)
    expect(functions.length).toBeGreaterThan(40)
  })

  it('tells of everything that is exported', () => {
    const bare = exported.filter(({ symbol }) => {
      const text = ts.displayPartsToString(symbol.getDocumentationComment(checker))
      return !tells(symbol.name, text)
    })
    expect(bare.map(({ title }) => title)).toEqual([])
  })

  it('tells of every member of every exported type, those of the platform aside', () => {
    const seen = new Set<ts.Node>()
    const bare = exported.flatMap(({ entry, symbol }) =>
      (symbol.declarations ?? []).flatMap((it) => bareMembers(it, entry, symbol.name, seen)),
    )
    expect(seen.size).toBeGreaterThan(150)
    expect(bare).toEqual([])
  })

  it('tells of each signature of every function', () => {
    const bare = functions.filter(({ symbol, signature }) => {
      const own = ts.displayPartsToString(signature.getDocumentationComment(checker))
      const text = own || ts.displayPartsToString(symbol.getDocumentationComment(checker))
      return !tells(symbol.name, text)
    })
    expect(bare.map(({ title }) => title)).toEqual([])
  })

  it('has an example of every function', () => {
    const bare = functions.filter((it) => !tagsOf(it).some(({ name }) => name === 'example'))
    expect(bare.map(({ title }) => title)).toEqual([])
  })

  it('says with which codes a function fails, where it can', () => {
    const silent = functions.filter((it) => !tagsOf(it).some(({ name }) => name === 'throws'))
    expect(silent.map(({ title }) => title).sort()).toEqual(NEVER_THROW)
  })

  it('shows examples of countersign/sync that import it', () => {
    const examples = functions
      .filter(({ title }) => title.startsWith('countersign/sync '))
      .map((it) => [it.title, tagsOf(it).find(({ name }) => name === 'example')] as const)
      .filter(([title]) => !/ inferScope$/.test(title))
    expect(examples.length).toBeGreaterThan(7)
    const elsewhere = examples.filter(
      ([, tag]) => !ts.displayPartsToString(tag?.text).includes("from 'countersign/sync'"),
    )
    expect(elsewhere.map(([title]) => title)).toEqual([])
  })
})
