import { transform } from 'esbuild'
import ts from 'typescript'
import { gzipped } from './bundle.ts'

/** A code with some of its literals replaced. */
function replaced(code: string, shorter: (node: ts.Node) => string | undefined): string {
  const source = ts.createSourceFile('bundle.js', code, ts.ScriptTarget.ES2022, true)
  let text = ''
  let at = 0
  const visit = (node: ts.Node): void => {
    const other = shorter(node)
    if (other === undefined) ts.forEachChild(node, visit)
    else {
      text += code.slice(at, node.getStart()) + other
      at = node.getEnd()
    }
  }
  visit(source)
  return text + code.slice(at)
}

const withoutTexts = (node: ts.Node): string | undefined => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return '""'
  if (node.kind === ts.SyntaxKind.TemplateHead) return '`${'
  if (node.kind === ts.SyntaxKind.TemplateMiddle) return '}${'
  return node.kind === ts.SyntaxKind.TemplateTail ? '}`' : undefined
}

const withoutExpressions = (node: ts.Node): string | undefined =>
  ts.isRegularExpressionLiteral(node) ? '/a/' : undefined

/**
 * What a bundle is made of, in gzipped bytes: its texts, its regular expressions and its property
 * names, each counted by taking it out of what the former left; the logic is what remains.
 */
export async function compositionOf(
  bundle: string,
): Promise<readonly (readonly [part: string, gzip: number])[]> {
  const noTexts = replaced(bundle, withoutTexts)
  const noExpressions = replaced(noTexts, withoutExpressions)
  const { code: logic } = await transform(noExpressions, {
    minify: true,
    mangleProps: /./,
    format: 'esm',
    target: 'es2022',
  })
  return [
    ['texts', gzipped(bundle) - gzipped(noTexts)],
    ['regular expressions', gzipped(noTexts) - gzipped(noExpressions)],
    ['property names', gzipped(noExpressions) - gzipped(logic)],
    ['logic', gzipped(logic)],
  ]
}
