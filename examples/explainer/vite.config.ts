import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { oneFile } from './one-file.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const src = (file: string) => at(`../../src/${file}`)

export default defineConfig({
  root: at('.'),
  // What a page takes of the package, from its source: one copy of what the page itself looks into.
  resolve: {
    alias: [
      { find: /^countersign$/, replacement: src('index.ts') },
      { find: /^#crypto$/, replacement: src('crypto/web.ts') },
      { find: /^#(explain|verify)$/, replacement: src('$1/loaded.ts') },
    ],
  },
  plugins: [oneFile('explainer.html')],
  build: {
    target: 'es2022',
    outDir: at('../../dist'),
    // What else is built stays there.
    emptyOutDir: false,
    // It would fetch, which the page's policy refuses.
    modulePreload: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
