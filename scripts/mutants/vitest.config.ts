import { defineConfig } from 'vitest/config'
import config from '../../vitest.config.ts'

/** The tests that are named in the environment; nothing of `dist` is looked at, and so nothing is built. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: process.env.MUTANTS_TESTS?.split(/,(?![^{]*})/) ?? [],
    globalSetup: [],
    reporters: [],
  },
})
