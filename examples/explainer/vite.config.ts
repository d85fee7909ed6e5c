import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Works from any folder, that of a project's pages too.
  base: './',
  resolve: { alias: [{ find: /^countersign$/, replacement: dist('index.js') }] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    // It would fetch, which the page's policy refuses.
    modulePreload: { polyfill: false },
  },
})
