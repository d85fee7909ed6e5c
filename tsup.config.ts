import { defineConfig } from 'tsup'
import manifest from './package.json' with { type: 'json' }

/** The entries of the package, and the crypto backends that `#crypto` and `#p256` resolve to. */
const entries = Object.keys(manifest.exports)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => `src/${name === '.' ? 'index' : name.slice(2)}.ts`)

export default defineConfig({
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
  clean: true,
  // Without it tsup's CJS goes through sucrase, which breaks `x ?? (yield* y)`.
  treeshake: true,
  target: 'es2022',
  external: [/^#crypto/, /^#p256$/],
})
