import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './packed.ts'

/** How a consumer's project is set up. */
export interface Setup {
  readonly moduleResolution: 'bundler' | 'node16' | 'nodenext'
  /** Beside `es2022`. */
  readonly lib?: readonly string[]
  readonly types?: readonly string[]
}

const MODULES = {
  bundler: [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  node16: [ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  nodenext: [ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
} as const

/** Compiles files of a consumer, libraries included, and returns what the compiler says. */
export function compile(
  folder: string,
  sources: Readonly<Record<string, string>>,
  { moduleResolution, lib = [], types = [] }: Setup,
): string[] {
  const names = Object.keys(sources).map((name) => join(folder, name))
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text)
  const [module, resolution] = MODULES[moduleResolution]
  const program = ts.createProgram(names, {
    target: ts.ScriptTarget.ES2022,
    module,
    moduleResolution: resolution,
    lib: ['es2022', ...lib].map((name) => `lib.${name}.d.ts`),
    types: [...types],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line =
      file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    const where = file?.fileName.replace(`${folder}/`, '') ?? ''
    return `${where}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
