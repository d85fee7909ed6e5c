import { afterAll, beforeAll } from 'vitest'
import { act } from './act.ts'
import { describeSituations } from './expect-situations.ts'
import { type Servers, startServers } from './server.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

describeSituations('node', () => servers, act)
