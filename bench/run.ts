import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { ensureDist, root } from './dist.ts'
import { jsonArgument } from './report.ts'

/** Every file here with a `bench()`; `npm run bench -- sign` runs only the ones named. */
const BENCHES = ['sign', 'verbs', 'chunked', 'checksums', 'cold', 'browser']

// `--json [FILE]` keeps the figures, for `npm run charts`.
const [json, asked] = jsonArgument(process.argv.slice(2))

/**
 * Runs one bench in a plain Node, outside of tsx: its hooks would map `countersign` to src by the
 * tsconfig's paths, and wrap every closure to keep its name, which the figures would show. Read
 * from stdin, the code belongs to this package, so `countersign` is the package's own exports.
 */
async function run(name: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { bench } from './bench/${name}.ts'\nawait bench(${JSON.stringify(json)})`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    tsconfigRaw: '{}',
  })
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    input: outputFiles[0]?.text ?? '',
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  return status ?? 1
}

ensureDist()
console.log(`Node ${process.version}, ${process.platform} ${process.arch}; the built package\n`)
for (const name of BENCHES.filter((name) => !asked.length || asked.includes(name)))
  process.exitCode = (await run(name)) || process.exitCode || 0
