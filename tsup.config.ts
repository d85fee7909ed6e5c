import { defineConfig } from 'tsup'

/** Every file directly under src is an entry of the package; crypto/* are what `#crypto` resolves to. */
export default defineConfig({
  entry: ['src/*.ts', 'src/crypto/{node,web,js}.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  splitting: true,
  treeshake: false,
  clean: true,
  target: 'es2022',
  external: [/^#crypto/],
})
