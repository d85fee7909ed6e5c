import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

type Inputs = Metafile['inputs']

/** Whether a module asks for what differs by platform (`#crypto`, …), itself or by what it imports. */
const asksPlatform = (inputs: Inputs, path: string): boolean =>
  (inputs[path]?.imports ?? []).some(({ path: to, external }) =>
    external ? to.startsWith('#') : asksPlatform(inputs, to),
  )

/** All that some modules lead to, less what asks for the platform. */
async function coreOf(roots: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [...roots],
    ...{ bundle: true, write: false, metafile: true, outdir: 'dist', external: ['#*', 'node:*'] },
  })
  const { inputs } = metafile
  return Object.keys(inputs).filter((path) => !asksPlatform(inputs, path))
}

/**
 * Puts the core of the package in one file. Left alone, esbuild makes a chunk of the modules that
 * the same entries lead to: 17 files for `import 'countersign'`, and opening them takes longer than
 * reading them. Where every entry leads to all of the core, it is one chunk. In Node an entry then
 * reads what it does not need, once; a bundler takes from the file what is used.
 */
export const coreFile = (entries: readonly string[], roots: readonly string[]): Plugin => ({
  name: 'core-file',
  async setup({ initialOptions, onLoad, onResolve }) {
    const core = (await coreOf(roots)).map((path) => resolve(path))
    const doors = new Set(entries.map((path) => resolve(path)))
    // They have no side effects, and leading to them is all that is wanted.
    initialOptions.logOverride = { 'ignored-bare-import': 'silent' }
    onResolve({ filter: /^core:$/ }, ({ path }) => ({ path, namespace: 'core' }))
    onLoad({ filter: /./, namespace: 'core' }, () => ({
      contents: core.map((path) => `import ${JSON.stringify(path)}`).join('\n'),
      resolveDir: resolve(''),
    }))
    onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path }) =>
      doors.has(path)
        ? { contents: `${await readFile(path, 'utf8')}\nimport 'core:'`, loader: 'ts' }
        : undefined,
    )
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
    onResolve({ filter: /^\./ }, ({ path, importer, namespace, resolveDir }) => {
      if (importer !== door && namespace !== 'copy') return undefined
      const file = resolve(resolveDir, path)
      // The comments of what is built name it.
      return modules.test(file) ? { path: relative('', file), namespace: 'copy' } : { path: file }
    })
    onLoad({ filter: /./, namespace: 'copy' }, async ({ path }) => ({
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
