import { defineConfig } from 'vitest/config'
import config from '../../vitest.config.ts'

/** Nothing of `dist` is looked at, and so nothing is built. */
export default defineConfig({
  ...config,
  test: { ...config.test, globalSetup: [], reporters: [] },
})
