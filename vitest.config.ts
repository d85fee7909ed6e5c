import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const src = (file: string) => fileURLToPath(new URL(`./src/${file}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^#(crypto(-sync)?|explain|verify)$/, replacement: src('verbs/node.ts') },
      { find: /^#p256$/, replacement: src('crypto/p256-node.ts') },
      { find: /^countersign$/, replacement: src('index.ts') },
      { find: /^countersign\/(.+)$/, replacement: src('$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: '.ci/results.json' }]]
      : ['default'],
  },
})
