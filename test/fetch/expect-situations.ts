import { describe, expect, it } from 'vitest'
import type { Servers } from './server.ts'
import type { Place, Runtime, Situation } from './situation.ts'
import { situations } from './situations.ts'

/** Has a runtime act a situation of the table at a place: what came out of it. */
export type Act = (group: string, index: number, place: Place) => Promise<unknown>

/** Has it acted, and looks at what came out and at what was sent. */
async function expectSituation(
  servers: Servers,
  situation: Situation,
  act: (place: Place) => Promise<unknown>,
): Promise<void> {
  const place = servers.enter(situation)
  expect(await act(place)).toEqual(situation.out ?? 200)
  const requests = servers.requests()
  expect(requests).toHaveLength(situation.sent)
  expect(requests.map(({ reason }) => reason).filter(Boolean)).toEqual([])
  if (situation.seen) expect(situation.seen(requests, place)).toEqual(situation.is)
}

/** Tests of the whole table in a runtime: what cannot be there fails, or it would be in its place. */
export function describeSituations(runtime: Runtime, servers: () => Servers, act: Act): void {
  describe.each(Object.entries(situations))('fetch and %s', (group, of) => {
    of.forEach((situation, index) => {
      const { name, notIn } = situation
      const why = notIn?.[runtime]
      const test = () => expectSituation(servers(), situation, (place) => act(group, index, place))
      if (why) it.fails(`cannot be here: ${name} (${why})`, test)
      else it(name, test)
    })
  })
}
