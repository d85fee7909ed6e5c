import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { root } from './packed.ts'

/** What came of running a page: what it printed, and what the AWS on the loopback said to it. */
export interface Ran {
  readonly error: string
  readonly printed: readonly string[]
  /** Of each request to AWS: how its payload was verified, or why it was refused. */
  readonly verdicts: readonly string[]
  /** Of the page's own server: to a signed request, and to one that was tampered with. */
  readonly statuses: readonly number[]
}

const src = (file: string): string => join(root, 'src', file)

const countersign: Plugin = {
  name: 'countersign',
  setup({ onResolve }) {
    onResolve({ filter: /^#(crypto|crypto-sync|explain|p256|verify)$/ }, ({ path }) => ({
      path: src(path === '#p256' ? 'crypto/p256-node.ts' : 'verbs/node.ts'),
    }))
    onResolve({ filter: /^countersign(\/|$)/ }, ({ path }) => ({
      path: src(`${path.slice('countersign/'.length) || 'index'}.ts`),
    }))
  },
}

/** Lets `snippet:0` be imported, and the others. */
export const snippetsPlugin = (snippets: readonly string[]): Plugin => ({
  name: 'snippets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^snippet:/ }, ({ path }) => ({ path, namespace: 'snippet' }))
    onLoad({ filter: /./, namespace: 'snippet' }, ({ path }) => ({
      contents: snippets[Number(path.slice('snippet:'.length))] ?? '',
      resolveDir: root,
      loader: 'ts',
    }))
  },
})

/** Runs the snippets of one page, one after another, in a process of their own. */
export async function runSnippets(name: string, snippets: readonly string[]): Promise<Ran> {
  const world = join(root, 'test/support/snippet-world.ts')
  const steps = snippets.map((_, at) => `await import('snippet:${at}')`)
  const cache = join(root, 'node_modules/.cache/countersign')
  mkdirSync(cache, { recursive: true })
  const outfile = join(cache, `${name}.mjs`)
  await build({
    stdin: {
      contents: `const { finish } = await import(${JSON.stringify(world)})\n${steps.join('\n')}\nawait finish()`,
      resolveDir: root,
    },
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20' },
    packages: 'external',
    tsconfigRaw: '{}',
    logLevel: 'silent',
    plugins: [countersign, snippetsPlugin(snippets)],
  })
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-docs-'))
  writeFileSync(join(cwd, 'film.mp4'), Buffer.alloc(200_000, 'film'))
  for (const name of ['cert', 'key'])
    copyFileSync(join(root, `test/x509/fixtures/ec-${name}.pem`), join(cwd, `${name}.pem`))
  try {
    const { stdout, stderr } = spawnSync(process.execPath, [outfile], {
      ...{ cwd, encoding: 'utf8', timeout: 60_000 },
      env: {
        ...process.env,
        NODE_NO_WARNINGS: '1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        AWS_SESSION_TOKEN: '',
      },
    })
    const lines = stdout.trim().split('\n')
    const last = lines.pop() ?? ''
    const { verdicts = [], statuses = [] } = last.startsWith('{') ? JSON.parse(last) : {}
    return { error: stderr, printed: lines, verdicts, statuses }
  } finally {
    rmSync(cwd, { recursive: true })
  }
}
