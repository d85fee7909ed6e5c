import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandOf, type Part, requirePart } from '../real/parts.ts'
import { packAndInstall, root } from '../support/packed.ts'
import { portOf, serveCommand, workerdConfig } from '../support/workerd.ts'
import { awaitReports } from './await-reports.ts'
import { bundlePlace } from './bundle.ts'
import type { Runtime } from './runtime.ts'
import { openStation, type Report } from './station.ts'
import { SERVER_SUITES } from './suite/server-suites.ts'
import { SUITES } from './suite/suites.ts'
import type { Place } from './suite/task.ts'

/** A runtime of servers: all is there, and a long-term key is in its place. */
const SERVER: Place = {
  looks: { subtle: 'object', document: 'undefined', secure: 'undefined' },
  crypto: 'there',
  p256: 'signs and verifies',
  longTerm: 'used',
}

/** Reads profiles: an optional peer. */
const LOADER = '@smithy/shared-ini-file-loader'

/** The files of a place, the one to start with last; each is bundled from a script of `places/`. */
type Files = readonly (readonly [file: string, script: string])[]

const MODULE_AND_COMMON: Readonly<Record<string, Files>> = {
  'an ES module': [['command.mjs', 'command.ts']],
  CommonJS: [['command.cjs', 'command.ts']],
}

const AND_WORKER: Readonly<Record<string, Files>> = {
  ...MODULE_AND_COMMON,
  'a worker': [
    ['thread.mjs', 'thread.ts'],
    ['starter.mjs', 'thread-starter.ts'],
  ],
}

/** A program that runs files: the installed package is imported, or required, as it is published. */
const ofFiles = (
  part: Part,
  title: string,
  args: readonly string[],
  filesOf: Readonly<Record<string, Files>>,
): Runtime => ({
  ...{ part, title, suites: SERVER_SUITES },
  version: [commandOf(part), '--version'],
  places: Object.fromEntries(Object.keys(filesOf).map((place) => [place, SERVER])),
  async run(facts) {
    const packed = packAndInstall()
    // Deno asks whether it is a dependency.
    const dependencies = { countersign: packed.manifest.version, [LOADER]: '*' }
    const link = join(packed.consumer, 'node_modules', LOADER)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', LOADER), link)
    writeFileSync(join(packed.consumer, 'package.json'), JSON.stringify({ dependencies }))
    const station = await openStation(facts, this.places)
    const write = async (file: string, script: string): Promise<string> => {
      const path = join(packed.consumer, file)
      const format = file.endsWith('.cjs') ? 'cjs' : 'esm'
      const external = ['countersign', 'countersign/*', 'node:*']
      writeFileSync(path, await bundlePlace(script, { format, external }))
      return path
    }
    try {
      const reports: Record<string, Report> = {}
      for (const [place, files] of Object.entries(filesOf)) {
        let start = ''
        for (const [file, script] of files) start = await write(file, script)
        const origin = `http://127.0.0.1:${station.port}`
        const command = [requirePart(part), ...args, start, origin, place]
        Object.assign(reports, await awaitReports(station, [place], command))
      }
      return reports
    } finally {
      await station.stop()
      packed.remove()
    }
  },
})

const FLAGS = {
  'without nodejs_compat': '"no_nodejs_compat_v2"',
  'with nodejs_compat': '"nodejs_compat"',
} as const

const workerd: Runtime = {
  ...{ part: 'workerd', title: 'workerd', suites: SUITES },
  version: [commandOf('workerd'), '--version'],
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
        writeFileSync(config, workerdConfig(flags))
        const command = serveCommand(config)
        const ask = async (port: string) => {
          const origin = `http://127.0.0.1:${station.port}`
          const asked = await fetch(
            `http://127.0.0.1:${port}/?${new URLSearchParams({ origin, place })}`,
          )
          if (!asked.ok) throw new Error(`workerd answered ${asked.status}`)
        }
        Object.assign(
          reports,
          await awaitReports(station, [place], command, async (started) =>
            ask(await portOf(started)),
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
  ofFiles('node20', 'Node 20', [], MODULE_AND_COMMON),
  ofFiles('node22', 'Node 22', [], MODULE_AND_COMMON),
  ofFiles('node24', 'Node 24', [], MODULE_AND_COMMON),
  ofFiles('deno', 'Deno', ['run', '-A', '--no-lock'], AND_WORKER),
  ofFiles('bun', 'Bun', ['run'], AND_WORKER),
  workerd,
]
