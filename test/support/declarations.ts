import { join } from 'node:path'
import ts from 'typescript'
import { type Manifest, root } from './packed.ts'

/** The built declarations of the package, as an editor reads them. */
export interface Declarations {
  readonly checker: ts.TypeChecker
  /** What each entry exports, aliases resolved: `countersign/sync` and its symbols. */
  readonly entries: ReadonlyMap<string, readonly ts.Symbol[]>
  /** Whether a node stands in the package's own declarations, and not in the platform's. */
  isOurs(node: ts.Node): boolean
}

/** Reads the declarations of every entry of `dist`. */
export function readDeclarations(manifest: Pick<Manifest, 'exports'>): Declarations {
  const files = Object.keys(manifest.exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => (path === '.' ? 'index' : path.slice(2)))
  const program = ts.createProgram(
    files.map((name) => join(root, `dist/${name}.d.ts`)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['es2023', 'dom', 'dom.iterable'].map((name) => `lib.${name}.d.ts`),
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
    },
  )
  const checker = program.getTypeChecker()
  const resolved = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const entries = new Map<string, readonly ts.Symbol[]>()
  for (const name of files) {
    const source = program.getSourceFile(join(root, `dist/${name}.d.ts`))
    const module = source && checker.getSymbolAtLocation(source)
    const exported = module ? checker.getExportsOfModule(module).map(resolved) : []
    entries.set(name === 'index' ? 'countersign' : `countersign/${name}`, exported)
  }
  const dist = join(root, 'dist/')
  return { checker, entries, isOurs: (node) => node.getSourceFile().fileName.startsWith(dist) }
}
