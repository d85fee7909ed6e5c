import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, requirePart } from '../real/parts.ts'
import { packAndInstall } from '../support/packed.ts'
import { awaitReports } from './await-reports.ts'
import { bundlePlace } from './bundle.ts'
import type { Runtime } from './runtime.ts'
import { openStation, type Report } from './station.ts'
import { SUITES } from './suite/suites.ts'
import type { Place } from './suite/task.ts'

/** A runtime of servers: all is there, and a long-term key is in its place. */
const SERVER: Place = {
  looks: { subtle: 'object', document: 'undefined', secure: 'undefined' },
  crypto: 'there',
  p256: 'signs and verifies',
  longTerm: 'used',
}

const FORMATS = { 'an ES module': 'esm', CommonJS: 'cjs' } as const

/** A program that runs a file: the installed package is imported, or required, as it is published. */
const ofFiles = (part: Part, title: string, args: readonly string[]): Runtime => ({
  ...{ part, title, suites: SUITES },
  version: () => [requirePart(part), '--version'],
  places: { 'an ES module': SERVER, CommonJS: SERVER },
  async run(facts) {
    const packed = packAndInstall()
    // Deno asks whether it is a dependency.
    const dependencies = { countersign: packed.manifest.version }
    writeFileSync(join(packed.consumer, 'package.json'), JSON.stringify({ dependencies }))
    const station = await openStation(facts, this.places)
    try {
      const reports: Record<string, Report> = {}
      for (const [place, format] of Object.entries(FORMATS)) {
        const file = join(packed.consumer, `command.${format === 'esm' ? 'mjs' : 'cjs'}`)
        const external = ['countersign', 'countersign/*']
        writeFileSync(file, await bundlePlace('command.ts', { format, external }))
        const origin = `http://127.0.0.1:${station.port}`
        const command = [requirePart(part), ...args, file, origin, place]
        Object.assign(reports, await awaitReports(station, [place], command))
      }
      return reports
    } finally {
      await station.stop()
      packed.remove()
    }
  },
})

const WORKERD = (flags: string) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
  compatibilityFlags = [${flags}],
);
`

const FLAGS = {
  'without nodejs_compat': '"no_nodejs_compat_v2"',
  'with nodejs_compat': '"nodejs_compat"',
} as const

const workerd: Runtime = {
  ...{ part: 'workerd', title: 'workerd', suites: SUITES },
  version: () => [requirePart('workerd'), '--version'],
  places: { 'without nodejs_compat': SERVER, 'with nodejs_compat': SERVER },
  async run(facts) {
    const packed = packAndInstall()
    const station = await openStation(facts, this.places)
    try {
      const conditions = ['workerd', 'worker', 'browser']
      const nodePaths = [join(packed.consumer, 'node_modules')]
      const bundled = { format: 'esm', conditions, nodePaths } as const
      writeFileSync(join(packed.consumer, 'worker.js'), await bundlePlace('worker.ts', bundled))
      const reports: Record<string, Report> = {}
      for (const [place, flags] of Object.entries(FLAGS)) {
        const config = join(packed.consumer, 'config.capnp')
        writeFileSync(config, WORKERD(flags))
        const command = [requirePart('workerd'), 'serve', '--control-fd=1', config]
        const ask = async (port: string) => {
          const origin = `http://127.0.0.1:${station.port}`
          const asked = await fetch(
            `http://127.0.0.1:${port}/?${new URLSearchParams({ origin, place })}`,
          )
          if (!asked.ok) throw new Error(`workerd answered ${asked.status}`)
        }
        Object.assign(
          reports,
          await awaitReports(station, [place], command, async ({ printed }) =>
            ask((await printed(/"socket":"http","port":(\d+)/))[1] ?? ''),
          ),
        )
      }
      return reports
    } finally {
      await station.stop()
      packed.remove()
    }
  },
}

/** The runtimes that are programs without a page. */
export const SERVER_SIDE: readonly Runtime[] = [
  ofFiles('node20', 'Node 20', []),
  ofFiles('node22', 'Node 22', []),
  ofFiles('node24', 'Node 24', []),
  ofFiles('deno', 'Deno', ['run', '-A', '--no-lock']),
  ofFiles('bun', 'Bun', ['run']),
  workerd,
]
