import { readFile } from 'node:fs/promises'
import { basename, dirname, relative, resolve } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

type Inputs = Metafile['inputs']

/** Whether a module asks for what differs by platform (`#crypto`, …), itself or by what it imports. */
const asksPlatform = (inputs: Inputs, path: string): boolean =>
  (inputs[path]?.imports ?? []).some(({ path: to, external }) =>
    external ? to.startsWith('#') : asksPlatform(inputs, to),
  )

/** The modules that some lead to, and they themselves; what is imported when it is asked for is not among them. */
function ledTo(inputs: Inputs, from: readonly string[], found = new Set<string>()): Set<string> {
  for (const path of from) {
    if (found.has(path)) continue
    found.add(path)
    const imports = (inputs[path]?.imports ?? []).filter(
      ({ external, kind }) => !external && kind !== 'dynamic-import',
    )
    ledTo(
      inputs,
      imports.map(({ path: to }) => to),
      found,
    )
  }
  return found
}

/** What each entry leads to all of, if it leads to any: the modules of some roots, each in the first of the groups. */
async function groupsOf(entries: readonly string[], roots: readonly (readonly string[])[]) {
  const { metafile } = await build({
    entryPoints: [...entries, ...roots.flat()],
    ...{ bundle: true, write: false, metafile: true, outdir: 'dist', logLevel: 'silent' },
    external: ['#*', 'node:*'],
  })
  const { inputs } = metafile
  const taken = new Set<string>()
  return roots.map((from) => {
    const modules = [...ledTo(inputs, from)].filter(
      (path) => !taken.has(path) && !asksPlatform(inputs, path),
    )
    for (const path of modules) taken.add(path)
    const leads = (entry: string): boolean => {
      const reached = ledTo(inputs, [entry])
      return modules.some((path) => reached.has(path))
    }
    return { modules, entries: entries.filter(leads) }
  })
}

/**
 * Puts what some roots lead to in one file, and what others lead to beside that in a second. Left
 * alone, esbuild makes a chunk of the modules that the same entries lead to: 17 files for
 * `import 'countersign'`, and opening them takes longer than reading them. Where every entry that
 * leads to a part of them leads to all, they are one chunk. In Node an entry then reads what it does
 * not need, once; a bundler takes from the file what is used.
 */
export const oneFileEach = (
  entries: readonly string[],
  roots: readonly (readonly string[])[],
): Plugin => ({
  name: 'one-file-each',
  async setup({ initialOptions, onLoad, onResolve }) {
    const groups = await groupsOf(entries, roots)
    const groupsFor = (path: string): string =>
      groups
        .map((group, at) => ({ at, files: group.entries.map((entry) => resolve(entry)) }))
        .filter(({ files }) => files.includes(path))
        .map(({ at }) => `\nimport 'group:${at}'`)
        .join('')
    // They have no side effects, and leading to them is all that is wanted.
    initialOptions.logOverride = { 'ignored-bare-import': 'silent' }
    onResolve({ filter: /^group:/ }, ({ path }) => ({ path, namespace: 'group' }))
    onLoad({ filter: /./, namespace: 'group' }, ({ path }) => ({
      contents: (groups[Number(path.slice('group:'.length))]?.modules ?? [])
        .map((module) => `import ${JSON.stringify(resolve(module))}`)
        .join('\n'),
      resolveDir: resolve(''),
    }))
    onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path }) => {
      const added = groupsFor(path)
      return added ? { contents: (await readFile(path, 'utf8')) + added, loader: 'ts' } : undefined
    })
  },
})

/**
 * Keeps a module in the file of the entry that exports all of it: the other entries import that one
 * instead of a chunk that both would have to open.
 */
export const homeOf = (module: string, entry: string): Plugin => ({
  name: 'home-of',
  setup({ initialOptions, onResolve }) {
    const extension = initialOptions.outExtension?.['.js'] ?? '.js'
    const home = resolve(module)
    const door = resolve(`src/${entry}.ts`)
    onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) =>
      importer !== door && resolve(resolveDir, path) === home
        ? { path: `./${entry}${extension}`, external: true }
        : undefined,
    )
  },
})

/**
 * Gives an entry copies of some modules that another has as well, where a chunk of both would be one
 * more file to open.
 */
export const copyFor = (entry: string, modules: RegExp): Plugin => ({
  name: 'copy-for',
  setup({ onLoad, onResolve }) {
    const door = resolve(entry)
    const copy = `copy-${basename(entry, '.ts')}`
    onResolve({ filter: /^\./ }, ({ path, importer, namespace, resolveDir }) => {
      if (importer !== door && namespace !== copy) return undefined
      const file = resolve(resolveDir, path)
      // The comments of what is built name it.
      return modules.test(file) ? { path: relative('', file), namespace: copy } : { path: file }
    })
    onLoad({ filter: /./, namespace: copy }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
      resolveDir: dirname(resolve(path)),
    }))
  },
})

/** Text of the portable hash, and what stands in its place; what is gone in a new version is told. */
const CHANGES: readonly (readonly [from: RegExp, to: string])[] = [
  // A hash is fed before it is finished, and with less than a petabyte.
  [/if \(this\.finished\) \{\s*throw [^;]*;\s*\}/, ''],
  [/if \([^)]* > MAX_HASHABLE_LENGTH\) \{\s*throw [^;]*;\s*\}/, ''],
  // The upper half of the length is written with its bytes the wrong way round: 512 MiB and more
  // had another hash than elsewhere.
  [/(Math\.floor\(bitsHashed \/ 0x100000000\)),\s*true/, '$1'],
  // An element of its buffers has no more than a byte.
  [/ & 0xff/g, ''],
  // The view is of all of a buffer of its own.
  [/,\s*this\.buffer\.byteOffset,\s*this\.buffer\.byteLength/, ''],
]

function changed(source: string): string {
  return CHANGES.reduce((text, [from, to]) => {
    if (!from.test(text)) throw new Error(`the source of the portable hash has no ${from}`)
    return text.replace(from, to)
  }, source)
}

/**
 * Takes the portable hash as its source has it, with its constants in their places and the names of
 * its private members shortened: what its package builds is for engines of 2010, and would stay in
 * a bundle that does not use it.
 */
export const hashSource: Plugin = {
  name: 'hash-source',
  setup({ onLoad, onResolve, resolve: find }) {
    onResolve({ filter: /sha256-js\/build\/main\/RawSha256\.js$/ }, ({ path, resolveDir }) =>
      find(path.replace('build/main', 'src').replace('.js', '.ts'), {
        ...{ kind: 'import-statement', resolveDir },
      }),
    )
    onLoad({ filter: /sha256-js[\\/]src[\\/]RawSha256\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        stdin: {
          contents: changed(await readFile(path, 'utf8')),
          ...{ loader: 'ts', resolveDir: dirname(path) },
        },
        ...{ bundle: true, write: false, format: 'esm', target: 'es2022', tsconfigRaw: '{}' },
        minifySyntax: true,
        mangleProps: /^(temp|bufferLength|bytesHashed|hashBuffer|finished)$/,
      })
      // A bundler cannot know that this does nothing else.
      const text = outputFiles[0]?.text ?? ''
      return { contents: text.replace('new Uint32Array', '/* @__PURE__ */ $&'), loader: 'js' }
    })
  },
}
