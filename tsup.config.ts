import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import manifest from './package.json' with { type: 'json' }
import { copyFor, hashSource, homeOf, oneFileEach } from './scripts/build-plugins.ts'

type Plugin = NonNullable<Options['plugins']>[number]

/** The entries of the package. */
const doors = Object.keys(manifest.exports)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => `src/${name === '.' ? 'index' : name.slice(2)}.ts`)

/** What differs by platform, which `imports` of package.json choose from. */
const platforms = [
  'src/verbs/node.ts',
  'src/crypto/node.ts',
  'src/crypto/web.ts',
  'src/crypto/js.ts',
  'src/crypto/p256-node.ts',
  'src/crypto/p256-web.ts',
  'src/explain/loaded.ts',
  'src/verify/loaded.ts',
]

/** What every room uses. */
const lib = readdirSync('src/lib').map((name) => `src/lib/${name}`)

const shared: Options = {
  // Without it tsup's CJS goes through sucrase, which breaks `x ?? (yield* y)`.
  treeshake: { moduleSideEffects: false },
  target: 'es2022',
  external: [/^#/],
  // Deno and workerd know Node's modules by no other name.
  removeNodeProtocol: false,
}

const entry = [...doors, ...platforms]

/**
 * Numbers with a name come first, as constants: there a bundler puts them in their places, as it does
 * with those at the head of a source file. esbuild declares them by `var`, and where they stand.
 */
const constantsFirst: Plugin = {
  name: 'constants-first',
  renderChunk(code) {
    const named = /^var (\w+ = [\d.e]+;\n)/gm
    const first = Array.from(code.matchAll(named), ([, constant]) => `const ${constant}`)
    return { code: first.join('') + code.replace(named, '') }
  },
}

/**
 * The door of Node, where what its `imports` choose is chosen already: it looks each name up in a
 * millisecond, a tenth of what the whole import takes. A bundler goes through the other.
 */
function writeNodeDoor(): void {
  for (const extension of ['js', 'cjs']) {
    const door = readFileSync(`dist/index.${extension}`, 'utf8')
    const chosen = door.replace(/(?<=['"])#(crypto|explain|verify)\b/g, `./verbs/node.${extension}`)
    writeFileSync(`dist/node.${extension}`, chosen)
  }
}

/** The page that explains, in one file, which the command opens. */
async function buildExplainer(): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: 'examples/explainer/vite.config.ts', logLevel: 'error' })
}

/** CommonJS loads what it asks for later by `require` as well: Jest has no `import()` there. */
const requiredLater: Plugin = {
  name: 'required-later',
  renderChunk(code) {
    return this.format === 'cjs'
      ? { code: code.replace(/\bimport\((?=\s*(\/\*[^*]*\*\/\s*)?['"])/g, 'require(') }
      : null
  },
}

const library: Options = {
  ...shared,
  entry,
  format: ['esm', 'cjs'],
  dts: { entry: doors },
  splitting: true,
  plugins: [constantsFirst, requiredLater],
  onSuccess: async () => {
    writeNodeDoor()
    await buildExplainer()
  },
  esbuildPlugins: [
    oneFileEach(entry, [
      ['src/index.ts', 'src/crypto/web.ts', ...lib],
      ['src/verify/loaded.ts', 'src/adapters/fetch-request.ts', 'src/adapters/incoming-message.ts'],
    ]),
    homeOf('src/verbs/async.ts', 'index'),
    copyFor('src/verbs/node.ts', /[\\/](crypto[\\/]node[\w-]*|(explain|verify)[\\/]lazy)\.ts$/),
    copyFor('src/testing/connection/events.ts', /[\\/]eventstream[\\/]\w+\.ts$/),
    hashSource,
  ],
}

// A program of its own, which nobody imports: one file, and no types.
const program: Options = {
  ...shared,
  entry: ['src/cli.ts'],
  format: ['esm'],
  external: [/^#(crypto|p256)/],
  esbuildOptions(options) {
    options.alias = {
      '#explain': './src/explain/loaded.ts',
      '#verify': './src/verify/loaded.ts',
    }
    // Its side effects are all that it has, and package.json says that there are none.
    options.ignoreAnnotations = true
  },
}

export default defineConfig([library, program])
