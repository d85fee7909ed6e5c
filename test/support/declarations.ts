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

/** An option, or a whole argument, that is one of a few words. */
export interface WordOption {
  /** Who takes it: `countersign/s3 verifyPostPolicy(options)`, `countersign Signer.sign(options)`. */
  readonly taker: string
  /** Undefined where the argument itself is the word. */
  readonly name: string | undefined
  readonly words: readonly string[]
}

const isWord = (type: ts.Type): type is ts.StringLiteralType =>
  !!(type.flags & ts.TypeFlags.StringLiteral)

/** The words that a type allows, where it allows no other text. */
function wordsOf(type: ts.Type): string[] {
  const types = type.isUnion() ? type.types : [type]
  const isText = (it: ts.Type) =>
    it.isIntersection()
      ? it.types.some(isText)
      : !isWord(it) && !!(it.flags & ts.TypeFlags.StringLike)
  return types.some(isText) ? [] : types.filter(isWord).map(({ value }) => value)
}

/** Every word that something exported takes: functions, and the methods of what they make. */
export function wordOptions({ checker, entries, isOurs }: Declarations): WordOption[] {
  const found = new Map<string, WordOption>()
  const add = (taker: string, name: string | undefined, type: ts.Type) => {
    const words = wordsOf(type)
    if (words.length > 0) found.set(`${taker} ${name}`, { taker, name, words })
  }
  const addCalls = (name: string, type: ts.Type) => {
    for (const { parameters } of type.getCallSignatures())
      for (const parameter of parameters) {
        const given = checker.getTypeOfSymbol(parameter)
        const taker = `${name}(${parameter.name})`
        add(taker, undefined, given)
        const whole = checker.getBaseConstraintOfType(given) ?? given
        for (const each of whole.isUnion() ? whole.types : [whole])
          if (each.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
            for (const member of checker.getPropertiesOfType(each))
              if (member.declarations?.some(isOurs))
                add(taker, member.name, checker.getTypeOfSymbol(member))
      }
  }
  for (const [entry, symbols] of entries)
    for (const symbol of symbols) {
      const isType = !(symbol.flags & ts.SymbolFlags.Value)
      const type = isType
        ? checker.getDeclaredTypeOfSymbol(symbol)
        : checker.getTypeOfSymbol(symbol)
      addCalls(`${entry} ${symbol.name}`, type)
      if (isType && type.flags & ts.TypeFlags.Object)
        for (const member of checker.getPropertiesOfType(type))
          addCalls(
            `${entry} ${symbol.name}.${member.name}`,
            checker.getNonNullableType(checker.getTypeOfSymbol(member)),
          )
    }
  return [...found.values()]
}
