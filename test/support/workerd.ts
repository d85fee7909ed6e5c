import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Running, requirePart } from '../real/parts.ts'
import { type KeptProcess, keepProcess } from './kept-process.ts'

/** The configuration of a worker in `worker.js`, which may reach the loopback, with flags in quotes. */
export const workerdConfig = (
  flags: string,
): string => `using Workerd = import "/workerd/workerd.capnp";
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

/** The command that serves a configuration. */
export const serveCommand = (config: string): string[] => [
  ...[requirePart('workerd'), 'serve', '--control-fd=1', config],
]

/** The port that it says it has. */
export const portOf = async (started: KeptProcess): Promise<string> =>
  (await started.printed(/"socket":"http","port":(\d+)/))[1] ?? ''

export interface Workerd extends Running {
  /** `http://127.0.0.1:PORT`, where the worker is asked. */
  readonly origin: string
}

/** Starts workerd with a module whose default export has `fetch`. */
export async function startWorkerd(module: string): Promise<Workerd> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-workerd-'))
  const config = join(folder, 'config.capnp')
  writeFileSync(join(folder, 'worker.js'), module)
  writeFileSync(config, workerdConfig('"no_nodejs_compat_v2"'))
  const started = keepProcess(serveCommand(config))
  const ended = started.ended.then((status) => {
    throw new Error(`workerd ended with ${status}\n${started.output()}`)
  })
  const stop = async () => {
    await started.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const port = await Promise.race([portOf(started), ended])
    ended.catch(() => undefined)
    return { origin: `http://127.0.0.1:${port}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
