import { type BuildOptions, build } from 'esbuild'
import { root } from '../support/packed.ts'

/** A script of `places/` in one text, with its own imports in it. */
export async function bundlePlace(script: string, options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await build({
    entryPoints: [`${root}/test/runtimes/places/${script}`],
    platform: 'browser',
    // Without the types' paths into src.
    ...{ bundle: true, write: false, tsconfigRaw: '{}', logLevel: 'error' },
    target: 'es2022',
    ...options,
  })
  return outputFiles[0]?.text ?? ''
}
