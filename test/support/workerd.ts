import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Running, requirePart } from '../real/parts.ts'
import { type KeptProcess, keepProcess } from './kept-process.ts'

const NETWORK = 'network = (allow = ["local", "private", "public"])'

/**
 * The configuration of a worker in `worker.js`, with flags in quotes. It may reach the loopback; with a
 * port, that port of it is reached by every name.
 */
export const workerdConfig = (
  flags: string,
  port?: number,
): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", ${port ? `external = (address = "127.0.0.1:${port}", http = ())` : NETWORK}),
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

/** Starts workerd with a module whose default export has `fetch`, and may be the whole internet to it. */
export async function startWorkerd(module: string, internet?: number): Promise<Workerd> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-workerd-'))
  const config = join(folder, 'config.capnp')
  writeFileSync(join(folder, 'worker.js'), module)
  writeFileSync(config, workerdConfig('"no_nodejs_compat_v2"', internet))
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
