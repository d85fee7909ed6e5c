import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** What a source file asks of others, and what it does at its top level. */
export interface Module {
  /** Path from the source folder: `canonical/path.ts`. */
  readonly path: string
  readonly lines: number
  /** Other source files; types too, as both directions of a dependency weigh the same. */
  readonly imports: readonly string[]
  /** Whatever else is imported: packages, `node:…`, `#crypto`. */
  readonly packages: readonly string[]
  /** House rules that the file breaks. */
  readonly faults: readonly string[]
  readonly touchesProcess: boolean
}

const specifierOf = (node: ts.Node): ts.Expression | ts.LiteralTypeNode | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments[0]
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument
  return undefined
}

const textOf = (specifier: ts.Expression | ts.LiteralTypeNode): string | undefined => {
  const literal = ts.isLiteralTypeNode(specifier) ? specifier.literal : specifier
  return ts.isStringLiteralLike(literal) ? literal.text : undefined
}

const isDefault = (node: ts.Node): boolean =>
  (ts.isExportAssignment(node) && !node.isExportEquals) ||
  (ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) ||
  (ts.isExportSpecifier(node) && node.name.text === 'default')

/** Only at the top level: state that all callers, and both formats' copies, would seem to share. */
function stateOf(statement: ts.Statement): string[] {
  if (!ts.isVariableStatement(statement)) return []
  const { declarationList } = statement
  if (!(declarationList.flags & ts.NodeFlags.Const)) return ['module-level let or var']
  const empty = declarationList.declarations.some(
    ({ initializer }) =>
      initializer &&
      ts.isNewExpression(initializer) &&
      /^(Weak)?(Map|Set)$/.test(initializer.expression.getText()) &&
      !initializer.arguments?.length,
  )
  return empty ? ['module-level empty collection'] : []
}

function readModule(folder: string, path: string): Module {
  const text = readFileSync(join(folder, path), 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const imports: string[] = []
  const packages: string[] = []
  const faults = source.statements.flatMap(stateOf)
  let touchesProcess = false

  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    const from = specifier && textOf(specifier)
    if (specifier && from === undefined) faults.push('computed import')
    else if (from?.endsWith('.json')) packages.push(from)
    else if (from?.startsWith('.')) imports.push(posix.join(posix.dirname(path), from))
    else if (from) packages.push(from)
    if (from?.startsWith('.') && !/\.(ts|json)$/.test(from)) faults.push(`import spelled ${from}`)
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.exportClause)
      faults.push('export *')
    if (isDefault(node)) faults.push('default export')
    if (ts.isIdentifier(node) && node.text === 'process') touchesProcess = true
    ts.forEachChild(node, visit)
  }
  visit(source)
  const lines = text.split('\n').length - 1
  return { path, lines, imports, packages, faults, touchesProcess }
}

/** All modules below a folder, by path. */
export const readModules = (folder: string): ReadonlyMap<string, Module> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => path.replaceAll('\\', '/'))
      .sort()
      .map((path) => [path, readModule(folder, path)]),
  )

/** Everything that can be reached from some modules, themselves included. */
export function reachable(
  modules: ReadonlyMap<string, Module>,
  from: readonly string[],
): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [...from]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    open.push(...(modules.get(path)?.imports ?? []))
  }
  return seen
}

/** Groups of modules that import each other in a circle, each as `a → b → a`. */
export function cyclesOf(modules: ReadonlyMap<string, Module>): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, road: readonly string[]): void => {
    const at = road.indexOf(path)
    if (at >= 0) cycles.push([...road.slice(at), path].join(' → '))
    if (at >= 0 || done.has(path)) return
    for (const next of modules.get(path)?.imports ?? []) walk(next, [...road, path])
    done.add(path)
  }
  for (const path of modules.keys()) walk(path, [])
  return cycles
}
