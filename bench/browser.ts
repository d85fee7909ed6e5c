import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { launchChromium, part, requirePart, serveStatic } from '../test/real/parts.ts'
import { keepProcess } from '../test/support/kept-process.ts'
import { KINDS, type Kind, SIGNERS, type Signer } from './browser-candidates.ts'
import type { PageApi } from './browser-page.ts'
import { type Measured, measure, ratio } from './measure.ts'
import { type Bar, figure, printBars, printTable } from './report.ts'

/** How many times faster than aws4fetch each kind is to be. */
const LEAST: Readonly<Partial<Record<Kind, number>>> = {
  'with a body': 1.2,
  without: 1.7,
  'a URL': 1.7,
}

/** Of a kind, what was measured by turns: of us and of aws4fetch. */
type Pair = readonly [ours: Measured, theirs: Measured]

/** A script of this folder for a browser or worker, with the built package as a bundler takes it. */
async function bundle(script: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`bench/${script}`],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    // Without the types' paths into src.
    tsconfigRaw: '{}',
    logLevel: 'error',
    ...options,
  })
  return outputFiles?.[0]?.text ?? ''
}

// They give a page a clock with steps of 5 µs in place of 100.
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** All in one page of Chromium, by short turns: what slows a browser down lasts longer than two of them. */
async function inChromium(): Promise<Readonly<Record<Kind, Pair>>> {
  const page = '<!doctype html><script src="/page.js"></script>'
  const script = await bundle('browser-page.ts', { format: 'iife' })
  const site = await serveStatic({
    '/': { type: 'text/html', body: page, headers: ISOLATED },
    '/page.js': { type: 'text/javascript', body: script, headers: ISOLATED },
  })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(site.origin)
    const call = (...args: Parameters<PageApi['measure']>) =>
      page.evaluate(`bench.measure(...${JSON.stringify(args)})`) as Promise<Pair>
    return await eachKind((kind) => call(kind, { rounds: 1000, turn: 2 }))
  } finally {
    await browser.close()
    await site.stop()
  }
}

const WORKERD = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
);
`

/** Signatures of one request to workerd, so many that what the request itself takes is little. */
const BATCH = 200

const perSignature = ({ name, median, min, rounds }: Measured): Measured => ({
  ...{ name, median: median / BATCH, min: min / BATCH },
  rounds: rounds.map((time) => time / BATCH),
})

/**
 * All in one worker of workerd, by turns. Its own clocks stand still while it computes, against
 * side channels: each turn is a request that signs a batch, and is timed here.
 */
async function inWorkerd(): Promise<Readonly<Record<Kind, Pair>>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const conditions = ['workerd', 'worker', 'browser']
  const config = join(folder, 'config.capnp')
  writeFileSync(config, WORKERD)
  writeFileSync(
    join(folder, 'worker.js'),
    await bundle('browser-worker.ts', { format: 'esm', conditions }),
  )
  const started = keepProcess([requirePart('workerd'), 'serve', '--control-fd=1', config])
  try {
    const port = (await started.printed(/"socket":"http","port":(\d+)/))[1]
    const signBatch = async (kind: Kind, by: Signer) => {
      const query = new URLSearchParams({ kind, by, times: `${BATCH}` })
      const answer = await fetch(`http://127.0.0.1:${port}/?${query}`)
      if (!answer.ok) throw new Error(`workerd answered ${answer.status}\n${started.output()}`)
      await answer.arrayBuffer()
    }
    return await eachKind(async (kind) => {
      const candidates = SIGNERS.map((name) => ({ name, run: () => signBatch(kind, name) }))
      const measured = await measure(candidates, { rounds: 200, turn: 1, warmUp: 1000 })
      return measured.map(perSignature) as unknown as Pair
    })
  } finally {
    await started.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function eachKind(
  measureKind: (kind: Kind) => Promise<Pair>,
): Promise<Readonly<Record<Kind, Pair>>> {
  const pairs: Partial<Record<Kind, Pair>> = {}
  for (const kind of KINDS) pairs[kind] = await measureKind(kind)
  return pairs as Record<Kind, Pair>
}

function print(place: string, pairs: Readonly<Record<Kind, Pair>>): void {
  const faster = (kind: Kind) => ratio(pairs[kind][1], pairs[kind][0])
  printTable(
    [`${place}, µs median`, ...SIGNERS, 'x faster'],
    KINDS.map((kind) => [
      kind,
      ...pairs[kind].map(({ median }) => figure(median)),
      figure(faster(kind)),
    ]),
  )
  console.log()
  const bars = KINDS.flatMap((kind): Bar[] => {
    const least = LEAST[kind]
    const text = `${place}, ${kind}: at least ${least} x faster than aws4fetch`
    return least ? [{ text, actual: faster(kind), at: { least }, unit: ' x' }] : []
  })
  printBars(bars)
  console.log()
}

/** A signature by us and by aws4fetch where `crypto.subtle` signs, with the signing key in the cache. */
export async function bench(): Promise<void> {
  for (const [name, place, run] of [
    ['chromium', 'Chromium', inChromium],
    ['workerd', 'workerd', inWorkerd],
  ] as const)
    if (part(name)) print(place, await run())
    else console.log(`skip  ${place}: it is not installed (npm run setup:parts)\n`)
}
