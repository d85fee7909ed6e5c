import { createSigner } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleKey } from '../support/example-key.ts'
import { type Servers, startServers } from './server.ts'
import type { Stage } from './situation.ts'
import { situations } from './situations.ts'

const credentials = { ...exampleKey, accessKeyId: 'ASIAEXAMPLE' }

let servers: Servers
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

const stageAt = (place: { here: string; there: string }): Stage => ({
  ...place,
  createSigner,
  credentials,
  signer: (options) =>
    createSigner({ service: 'execute-api', region: 'us-east-1', credentials, ...options }),
})

describe.each(Object.entries(situations))('fetch and %s', (_, of) => {
  it.each(of.map((situation) => [situation.name, situation] as const))(
    '%s',
    async (_, situation) => {
      const place = servers.enter(situation)
      expect(await situation.act(stageAt(place))).toEqual(situation.out ?? 200)
      const requests = servers.requests()
      expect(requests).toHaveLength(situation.sent)
      expect(requests.map(({ reason }) => reason).filter(Boolean)).toEqual([])
      if (situation.seen) expect(situation.seen(requests, place)).toEqual(situation.is)
    },
  )
})
