/** Starts the server of an example, or of a page's code, and prints its port: a process to be attacked. */
import { once } from 'node:events'
import { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { keys } from '../../examples/keys.ts'

const servers: Server[] = []
const { listen } = Server.prototype
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  servers.push(this)
  const told = args.filter((it) => typeof it === 'function')
  return listen.apply(this, [0, '127.0.0.1', ...told] as unknown as [number])
} as typeof listen

Object.assign(globalThis, { keys })
const { start } = (await import(process.argv[2] ?? '')) as { start?: (port: number) => unknown }
start?.(0)
// One that is started later has still to be.
while (servers.length === 0) await new Promise((done) => setTimeout(done, 5))
const [server] = servers as [Server]
if (!server.listening) await once(server, 'listening')
process.send?.((server.address() as AddressInfo).port)
