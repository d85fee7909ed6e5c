import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** What an error tells: that another argument is to be passed, or what is wrong with data that arrived. */
export type Form = 'argument' | 'data'

/** A place in the source where a `CountersignError` is thrown. */
export interface ThrowSite {
  /** Beneath `src`. */
  readonly file: string
  readonly form: Form
  /** Several where the place decides between them. */
  readonly codes: readonly string[]
  /** The texts that the sentence is made of; `…` for what is filled in. */
  readonly sentences: readonly string[]
}

const FORMS: Readonly<Record<string, Form>> = {
  __proto__: null as never,
  fail: 'argument',
  ensure: 'argument',
  failWith: 'data',
  CountersignError: 'data',
}

/** The texts that an expression may become. */
function textsOf(node: ts.Expression | undefined): string[] {
  if (!node) return []
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node))
    return [[node.head.text, ...node.templateSpans.map((it) => it.literal.text)].join('…')]
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)]
  return ['…']
}

/** Every place beneath a folder where a `CountersignError` is thrown, but for its own file. */
export function throwSites(folder: string): ThrowSite[] {
  const sites: ThrowSite[] = []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'model/errors.ts')
    .sort()
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8')
    const visit = (node: ts.Node): void => {
      const isThrow = ts.isCallExpression(node) || ts.isNewExpression(node)
      const form = isThrow && ts.isIdentifier(node.expression) && FORMS[node.expression.text]
      if (form) {
        const [code, sentence] = (node.arguments ?? []).slice(-2)
        sites.push({ file, form, codes: textsOf(code), sentences: textsOf(sentence) })
      }
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  }
  return sites
}
