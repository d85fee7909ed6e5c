import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

/** Lets a server of any kind listen on a free port of the loopback, and gives the port. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Closes a server, with the connections that it still has, and waits until it has closed. */
export async function shut(server: Server & { closeAllConnections?(): void }): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections?.()
  await closed
}
