import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { type BuildOptions, type BuildResult, build, type Metafile, type Plugin } from 'esbuild'
import ts from 'typescript'
import { type Manifest, root } from './packed.ts'

export const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest

/** What a resolver makes of a target in package.json under some conditions. */
function targetOf(target: unknown, conditions: readonly string[]): string {
  if (typeof target === 'string') return target
  const found = Object.entries(target as object).find(
    ([name]) => name === 'default' || conditions.includes(name),
  )
  return targetOf(found?.[1], conditions)
}

/** The file that a name of the platform's own (`#crypto`, …) stands for under some conditions. */
export const platformFile = (
  name: string,
  conditions: readonly string[],
  fileOf: (target: string) => string,
): string => fileOf(targetOf(manifest.imports[name], conditions))

/** Resolves those names for esbuild. */
export const platform = (
  conditions: readonly string[],
  fileOf: (target: string) => string,
): Plugin => ({
  name: 'platform',
  setup({ onResolve }) {
    onResolve({ filter: /^#/ }, ({ path }) => ({ path: platformFile(path, conditions, fileOf) }))
  },
})

/** A bundle that is not written: its text, and what it was made of. */
export async function bundled(
  contents: string,
  options: BuildOptions = {},
): Promise<{ readonly code: string; readonly metafile: Metafile }> {
  const { outputFiles, metafile } = (await build({
    stdin: { contents, resolveDir: root, loader: 'js' },
    absWorkingDir: root,
    ...{ bundle: true, write: false, metafile: true, format: 'esm', target: 'es2022' },
    ...{ tsconfigRaw: '{}', logLevel: 'silent' },
    ...options,
  })) as BuildResult<{ write: false; metafile: true }>
  return { code: outputFiles[0]?.text.trim() ?? '', metafile }
}

/** The files that Node opens to import an entry; what is read when it is asked for is not among them. */
export async function filesImported(entry: string): Promise<string[]> {
  const conditions = ['node', 'import']
  const start = targetOf(manifest.exports[entry], conditions).slice('./'.length)
  const { metafile } = await bundled(`import './${start}'`, {
    plugins: [platform(conditions, (target) => join(root, target))],
    external: ['node:*'],
    // Otherwise it would leave out what has no side effects and exports nothing that is used.
    ignoreAnnotations: true,
  })
  const files = new Set<string>()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    files.add(path)
    for (const { path: to, kind, external } of metafile.inputs[path]?.imports ?? [])
      if (!external && kind !== 'dynamic-import' && !files.has(to)) open.push(to)
  }
  return [...files]
}

/** The same where it is required: Node tells them itself. */
export function filesRequired(entry: string): string[] {
  const program = `require('countersign${entry.slice(1)}')
  console.log(JSON.stringify(Object.keys(require.cache)))`
  const printed = execFileSync(process.execPath, ['--input-type=commonjs', '-e', program], {
    ...{ cwd: root, encoding: 'utf8' },
  })
  return (JSON.parse(printed) as string[]).map((path) => relative(root, path))
}

/** What Node has and a browser lacks, and what a bundler may think that it has to bring. */
const NODES = ['Buffer', 'process', 'global', 'require', 'module', '__dirname', '__filename']

/** Names of Node that a module speaks: by what it imports, or without saying where they are from. */
export function nodeNamesIn(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const specifier = node.moduleSpecifier as ts.StringLiteral | undefined
      const name = specifier?.text.replace(/^node:/, '')
      if (name !== undefined && builtinModules.includes(name)) found.push(`import of ${name}`)
    }
    const { parent } = node
    const isMember =
      (ts.isPropertyAccessExpression(parent) || ts.isMethodDeclaration(parent)) &&
      parent.name === node
    if (ts.isIdentifier(node) && NODES.includes(node.text) && !isMember) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(source, visit)
  return found.map((name) => `${path}: ${name}`)
}
