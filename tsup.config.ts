import { defineConfig, type Options } from 'tsup'
import manifest from './package.json' with { type: 'json' }

/** The entries of the package, and the crypto backends that `#crypto` and `#p256` resolve to. */
const entries = Object.keys(manifest.exports)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => `src/${name === '.' ? 'index' : name.slice(2)}.ts`)

const shared: Options = {
  // Without it tsup's CJS goes through sucrase, which breaks `x ?? (yield* y)`.
  treeshake: true,
  target: 'es2022',
  external: [/^#crypto/, /^#p256$/],
}

const library: Options = {
  ...shared,
  entry: [
    ...entries,
    'src/crypto/node.ts',
    'src/crypto/web.ts',
    'src/crypto/js.ts',
    'src/crypto/p256-node.ts',
    'src/crypto/p256-web.ts',
  ],
  format: ['esm', 'cjs'],
  dts: true,
  splitting: true,
}

// A program of its own, which nobody imports: one file, and no types.
const program: Options = { ...shared, entry: ['src/cli.ts'], format: ['esm'] }

export default defineConfig([library, program])
