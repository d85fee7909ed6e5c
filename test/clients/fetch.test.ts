import { inferScope } from 'countersign'
import { signedFetch } from 'countersign/fetch'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Answer, type Loopback, serve } from '../behaviours/loopback.ts'
import { startProxy } from '../real/tampering.ts'
import { hostileTargets } from '../senders.ts'
import {
  credentials,
  expectArrived,
  outcome,
  REGION,
  SERVICES,
  signer,
  useServer,
} from './common.ts'

const server = useServer()
const cases = SERVICES.flatMap((service) => hostileTargets.map((path) => [service, path] as const))

describe('fetch puts on the wire what was signed', () => {
  it.each(cases)('of a signer, for %s, %j', async (service, path) => {
    const { status } = await signer(service).fetch(server.url + path, { method: 'PUT', body: 'ü' })
    expect(status).toBe(200)
    await expectArrived(server, service, path, 'PUT')
  })

  it.each(cases)('of countersign/fetch, with a Request, for %s, %j', async (service, path) => {
    const awsFetch = signedFetch({ service, region: REGION, credentials })
    const { status } = await awsFetch(new Request(server.url + path))
    expect(status).toBe(200)
    await expectArrived(server, service, path.replace(/ +$/, ''))
  })

  it.each(['header', 'path', 'body'] as const)(
    'and is refused with an altered %s',
    async (place) => {
      const proxy = await startProxy(server.port, place)
      const init = { method: 'POST', body: 'text' }
      const { status } = await signer('execute-api').fetch(`${proxy.url}/a%20b?c`, init)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(outcome(server)).toMatch(/mismatch/)
      proxy.close()
    },
  )
})

const loopbacks: Loopback[] = []
async function start(answer: Answer): Promise<Loopback> {
  const loopback = await serve(answer)
  loopbacks.push(loopback)
  return loopback
}

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(loopbacks.splice(0).map((loopback) => loopback.close()))
})

describe('a redirect that the signer may follow', () => {
  const elsewhere = (status: number, location: () => string) =>
    start((_, response) => void response.writeHead(status, { location: location() }).end('moved'))
  const to = (region: string | undefined, service?: string) => ({
    redirect: () => ({ ...(region && { region }), ...(service && { service }) }),
  })

  it.each([301, 302, 307, 308])('is signed anew for its region, after a %d', async (status) => {
    const here = await elsewhere(status, () => `${server.url}/there/a%20b?c=d`)
    const asked: string[] = []
    const redirect = (url: string) => {
      asked.push(url)
      return { region: REGION, service: 's3' }
    }
    const aws = signer('s3', { region: 'us-east-1', redirect })
    const init = {
      method: 'PUT',
      body: 'ü',
      headers: { host: 'here.example', 'x-amz-meta-a': 'b' },
    }
    const response = await aws.fetch(here.url, init)
    expect([response.status, await response.text()]).toEqual([200, 'accepted'])
    expect(asked.sort()).toEqual([here.url, `${server.url}/there/a%20b?c=d`].sort())
    await expectArrived(server, 's3', '/there/a%20b?c=d', 'PUT')
    expect(here.requests[0]?.headers.authorization).toContain('/us-east-1/s3/')
    expect(here.requests).toHaveLength(1)
  })

  it('is followed with the body of a Request, too', async () => {
    const here = await elsewhere(307, () => `${server.url}/there`)
    const request = new Request(here.url, { method: 'POST', body: 'text' })
    expect((await signer('s3', to(REGION)).fetch(request)).status).toBe(200)
    expect(Buffer.from(server.lastVerdict?.request.body ?? '').toString()).toBe('text')
  })

  it.each<[string, object]>([
    ['nobody asked', {}],
    ['no region is known', to(undefined)],
    ['it leads to another service', to(REGION, 'sts')],
    ["inferScope does not know it for AWS's", { redirect: inferScope }],
  ])('is handed back where %s', async (_, options) => {
    const here = await elsewhere(307, () => `${server.url}/there`)
    const before = server.verdicts.length
    const response = await signer('s3', options).fetch(here.url)
    expect([response.status, await response.text()]).toEqual([307, 'moved'])
    expect(server.verdicts.length).toBe(before)
  })

  it('is handed back where it leaves https, has no place, or asks for GET', async () => {
    const sent: string[] = []
    const answer = (status: number, location?: string) =>
      new Response(null, { status, ...(location && { headers: { location } }) })
    const ask = async (first: Response) => {
      const fetch = async (url: unknown) => {
        sent.push(String(url))
        return first
      }
      const aws = signer('s3', { ...to(REGION), fetch: fetch as typeof globalThis.fetch })
      return (await aws.fetch('https://here.example/')).status
    }
    expect(await ask(answer(307, 'http://there.example/'))).toBe(307)
    expect(await ask(answer(307))).toBe(307)
    expect(await ask(answer(303, 'https://there.example/'))).toBe(303)
    expect(sent).toEqual(Array(3).fill('https://here.example/'))
  })

  it('is followed once, and not with a body that can be read only once', async () => {
    const here: Loopback = await elsewhere(307, () => here.url)
    expect((await signer('s3', to(REGION)).fetch(here.url)).status).toBe(307)
    expect(here.requests).toHaveLength(2)
    const body = new Blob(['text']).stream()
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit
    const aws = signer('s3', { ...to(REGION), payload: 'UNSIGNED-PAYLOAD' })
    expect((await aws.fetch(here.url, init)).status).toBe(307)
    expect(here.requests).toHaveLength(3)
  })

  it.each([
    ['https://bucket.s3.us-west-2.amazonaws.com/key', 'us-west-2'],
    ['https://s3.cn-north-1.amazonaws.com.cn/bucket/key', 'cn-north-1'],
    ['https://bucket.s3.us-west-2.amazonaws.com.example.com/key', undefined],
  ])('inferScope tells the region of %s: %s', async (location, region) => {
    const sent: [string, string][] = []
    const fetch = async (url: unknown, init?: RequestInit) => {
      sent.push([String(url), String(new Headers(init?.headers).get('authorization'))])
      return sent.length === 1
        ? new Response(null, { status: 307, headers: { location } })
        : new Response('done')
    }
    const options = { redirect: inferScope, fetch: fetch as typeof globalThis.fetch }
    await signer('s3', options).fetch('https://bucket.s3.amazonaws.com/key')
    expect(sent.slice(1)).toEqual(
      region ? [[location, expect.stringContaining(`/${region}/s3/aws4_request`)]] : [],
    )
  })
})

/** What happens, soon, instead of waiting. */
const instead = (act: (done: () => void, wait: number) => void) =>
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((done: () => void, wait = 0) => {
    queueMicrotask(() => act(done, wait))
    return 0
  }) as never)

describe('an AbortSignal', () => {
  const aborted = { name: 'AbortError' }

  it('that has fired already sends nothing', async () => {
    const before = server.verdicts.length
    const signal = AbortSignal.abort()
    await expect(signer('s3').fetch(server.url, { signal })).rejects.toMatchObject(aborted)
    const request = new Request(server.url, { signal })
    await expect(signer('s3').fetch(request)).rejects.toMatchObject(aborted)
    expect(server.verdicts.length).toBe(before)
  })

  it('ends a request on its way, also where a Request brings it', async () => {
    const controller = new AbortController()
    const { url } = await start(() => controller.abort())
    const { signal } = controller
    await expect(signer('s3').fetch(url, { signal })).rejects.toMatchObject(aborted)
    const request = new Request(url, { signal })
    await expect(signer('s3').fetch(request)).rejects.toMatchObject(aborted)
  })

  it('ends the pause before a retry, and leaves no listener behind', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const fetch = vi.fn(async () => new Response(null, { status: 503 }))
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    instead((done, wait) => (wait < 400 ? done() : controller.abort(new Error('enough'))))
    const sent = signer('s3', { retries: 5, fetch }).fetch('https://example.com/', { signal })
    await expect(sent).rejects.toThrow('enough')
    expect(fetch).toHaveBeenCalledTimes(3)
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(3)
    expect(removed.mock.calls.length).toBe(added.mock.calls.length)
  })
})

describe('the pause before a retry', () => {
  it('is up to 100 ms at first, doubles to 20 s at most, and is random all the way', async () => {
    for (const share of [0.999, 0.5, 0.001]) {
      const waits: number[] = []
      vi.spyOn(Math, 'random').mockReturnValue(share)
      instead((done, wait) => {
        waits.push(wait)
        done()
      })
      const fetch = async () => new Response(null, { status: 429 })
      await signer('s3', { retries: 10, fetch }).fetch('https://example.com/')
      const ceilings = [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000]
      expect(waits).toEqual(ceilings.map((ceiling) => ceiling * share))
    }
  })
})
