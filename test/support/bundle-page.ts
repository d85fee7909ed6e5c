import { build } from 'esbuild'
import { root } from './packed.ts'

const ENTRIES = ['index', 'eventstream']

const aliasOf = (entry: string): [name: string, file: string] => [
  entry === 'index' ? 'countersign' : `countersign/${entry}`,
  `${root}/dist/${entry}.js`,
]

/** A script of test/ for a page or a worker, with the built package as a bundler for browsers takes it. */
export async function bundlePage(script: string, format: 'iife' | 'esm' = 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}/test/${script}`],
    // Without the types' paths into src.
    ...{ bundle: true, write: false, platform: 'browser', format, tsconfigRaw: '{}' },
    logLevel: 'error',
    alias: Object.fromEntries(ENTRIES.map(aliasOf)),
  })
  return outputFiles[0]?.text ?? ''
}
