import { afterAll, beforeAll } from 'vitest'
import { describeWithPart } from '../real/parts.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { startWorkerd, type Workerd } from '../support/workerd.ts'
import { describeSituations } from './expect-situations.ts'
import { type Servers, startServers } from './server.ts'

describeWithPart('workerd', 'in workerd', () => {
  let servers: Servers
  let workerd: Workerd
  beforeAll(async () => {
    servers = await startServers()
    workerd = await startWorkerd(await bundlePage('fetch/worker.ts', 'esm'))
  })
  afterAll(async () => {
    await workerd?.stop()
    await servers?.stop()
  })

  describeSituations(
    'workerd',
    () => servers,
    async (...asked) => {
      const answer = await fetch(workerd.origin, { method: 'POST', body: JSON.stringify(asked) })
      return answer.json()
    },
  )
})
