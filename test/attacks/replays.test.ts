import { createReplayGuard, type Refused, sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const signingDate = new Date('2015-08-30T12:36:00Z')
const options = { service: 'execute-api', region: 'us-east-1', credentials, signingDate }
const later = (seconds: number) => new Date(Number(signingDate) + seconds * 1000)

async function request() {
  const { method, url, headers } = await sign({ url: 'https://example.com/a' }, options)
  return { method, url, headers }
}

describe('a request that is sent again', () => {
  it('is refused at the end of its window, where the lookup took longer than what was left', async () => {
    const guard = createReplayGuard({ now: () => later(901) })
    const rules = {
      service: 'execute-api',
      credentials: () => credentials,
      now: later(899.9),
      replayGuard: guard,
    }
    for (let i = 0; i < 2; i++)
      expect(await verify(await request(), rules)).toMatchObject({ reason: 'replayed' })
  })

  it('is refused where the clock was ahead, and is back', async () => {
    let ahead = 0
    const guard = createReplayGuard({ now: () => later(ahead) })
    const send = async (path: string) => {
      const asked = { ...options, signingDate: later(ahead) }
      const { method, url, headers } = await sign({ url: `https://example.com${path}` }, asked)
      return { method, url, headers }
    }
    const rules = () => ({
      ...{ service: 'execute-api', credentials: () => credentials },
      ...{ now: later(ahead), replayGuard: guard },
    })
    const good = await send('/a')
    expect((await verify(good, rules())).ok).toBe(true)
    for (const minutes of [10, 40, 400]) {
      ahead = minutes * 60
      expect((await verify(await send('/b'), rules())).ok).toBe(true)
      ahead = 60
      expect(await verify(good, rules())).toMatchObject({ reason: 'replayed' })
    }
    // What may have been forgotten is refused as long as that, and the rest let in.
    ahead = 381 * 60
    expect((await verify(await send('/c'), rules())).ok).toBe(true)
  })

  it('and one that is not: a clock that was ahead for some minutes refuses nobody', async () => {
    let time = signingDate
    const guard = createReplayGuard({ now: () => time })
    const claim = (id: string) => guard.claim(id, new Date(Number(time) + 900_000), 'AKID')
    time = later(19 * 60)
    expect(claim('a')).toBe(true)
    time = signingDate
    expect(claim('b')).toBe(true)
  })

  it('is known under another spelling of its key id', async () => {
    const seen: string[] = []
    const replayGuard = {
      claim: (id: string) => !seen.includes(id) && seen.push(id) > 0,
    }
    const keys: Record<string, typeof credentials> = { akidexample: credentials }
    const rules = {
      service: 'execute-api',
      now: signingDate,
      credentials: (id: string) => keys[id.toLowerCase()],
      replayGuard,
    }
    const good = await request()
    expect((await verify(good, rules)).ok).toBe(true)
    const authorization = `${good.headers.authorization}`.replace('AKIDEXAMPLE', 'akidexample')
    const again = { ...good, headers: { ...good.headers, authorization } }
    expect(await verify(again, rules)).toMatchObject({ reason: 'unknown-access-key' })
  })

  it('finds no key where the lookup inherits one', async () => {
    const table = Object.create({ AKIDEXAMPLE: { ...credentials, accessKeyId: 'OTHER' } })
    const rules = {
      service: 'execute-api',
      now: signingDate,
      credentials: (id: string) => table[id],
    }
    expect(await verify(await request(), rules)).toMatchObject({ reason: 'unknown-access-key' })
  })

  it('is not what a store that fails looks like', async () => {
    const down = new Error('the store is down')
    for (const claim of [
      () => Promise.reject(down),
      () => {
        throw down
      },
    ]) {
      const rules = { service: 'execute-api', now: signingDate, credentials: () => credentials }
      const refused = (await verify(await request(), {
        ...rules,
        replayGuard: { claim },
      })) as Refused
      expect(refused).toMatchObject({ reason: 'replay-store-failed', status: 503 })
      expect(refused.cause).toBe(down)
      expect(JSON.stringify(refused)).not.toContain('down')
    }
  })

  it('cannot be hidden by the holder of one key who fills the guard', async () => {
    const guard = createReplayGuard({ limit: 4, limitPerKey: 2, now: () => signingDate })
    const claim = (id: string, key: string) => guard.claim(id, later(900), key)
    expect([claim('a', 'mallory'), claim('b', 'mallory')]).toEqual([true, true])
    expect(() => claim('c', 'mallory')).toThrow(/full|as many/)
    expect([claim('d', 'alice'), claim('d', 'alice')]).toEqual([true, false])
  })
})
