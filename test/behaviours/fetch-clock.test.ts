import { createSigner, type Signer } from 'countersign'
import { afterEach, describe, expect, it } from 'vitest'
import { credentials } from './common.ts'
import {
  type Answer,
  byClock,
  type Clock,
  jsonSkew,
  type Loopback,
  s3Skew,
  serve,
  signedAt,
  timeOf,
  xmlSkew,
} from './loopback.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let server: Loopback
let aws: Signer

async function start(answer: Answer) {
  server = await serve(answer)
  aws = createSigner({ service: 'execute-api', region: 'us-east-1', credentials })
}

afterEach(() => server.close())

const minutesAhead = (time: number) => Math.round((time - Date.now()) / 60_000) || 0

/** How far ahead of our clock each request was signed. */
const shifts = () => server.requests.map((seen) => minutesAhead(signedAt(seen)))

const SKEWS: [name: string, clock: Clock][] = [
  ['RequestTimeTooSkewed', { ahead: 2 * HOUR, skew: s3Skew }],
  ['RequestTimeTooSkewed of a server behind', { ahead: -2 * HOUR, skew: s3Skew }],
  ['Signature expired', { ahead: 2 * HOUR, skew: jsonSkew }],
  ['Signature expired as a 400 in XML', { ahead: 2 * HOUR, skew: xmlSkew, status: 400 }],
  ['Signature not yet current', { ahead: -2 * HOUR, skew: jsonSkew }],
  ['Signature not yet current as a 401 in XML', { ahead: -2 * HOUR, skew: xmlSkew, status: 401 }],
]

describe('the clock', () => {
  it.each(SKEWS)("24. the offset is learnt from the server's date: %s", async (_, clock) => {
    await start(byClock(clock))
    const response = await aws.fetch(server.url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('done')
    expect((await aws.fetch(server.url)).status).toBe(200)
    const learnt = clock.ahead / 60_000
    expect(shifts()).toEqual([0, learnt, learnt])
  })

  it.each(SKEWS)("24. where Date is hidden, the error's own time serves: %s", async (_, clock) => {
    await start(byClock({ ...clock, hideDate: true }))
    expect((await aws.fetch(server.url)).status).toBe(200)
    const learnt = clock.ahead / 60_000
    expect(shifts()).toEqual([0, learnt])
  })

  it('24. what was learnt corrects sign and presign too', async () => {
    await start(byClock({ ahead: 2 * HOUR, skew: s3Skew }))
    await aws.fetch(server.url)
    const { url } = await aws.presign({ url: server.url })
    const { headers } = await aws.sign({ url: server.url })
    expect(minutesAhead(timeOf(headers['x-amz-date']))).toBe(120)
    expect(minutesAhead(timeOf(new URL(url).searchParams.get('X-Amz-Date')))).toBe(120)
  })

  it('24. another signer has learnt nothing', async () => {
    await start(byClock({ ahead: 2 * HOUR, skew: s3Skew }))
    await aws.fetch(server.url)
    const other = createSigner({ service: 's3', region: 'us-east-1', credentials })
    await other.fetch(server.url)
    expect(shifts()).toEqual([0, 120, 0, 120])
  })

  it.each(SKEWS)('24. nothing is learnt from a cached answer: %s', async (_, clock) => {
    await start(byClock({ ...clock, headers: { age: '7200' } }))
    const response = await aws.fetch(server.url)
    expect(response.status).toBe(clock.status ?? 403)
    expect(await response.text()).not.toBe('')
    await aws.fetch(server.url)
    expect(new Set(shifts())).toEqual(new Set([0]))
  })

  it('24. an offset that does not mend the failure is not kept', async () => {
    await start((seen, response) => {
      const wrong = Date.now() + 2 * HOUR
      response.writeHead(403, { date: new Date(wrong).toUTCString() })
      response.end(s3Skew(signedAt(seen), wrong))
    })
    expect((await aws.fetch(server.url)).status).toBe(403)
    expect((await aws.fetch(server.url)).status).toBe(403)
    expect(shifts()).toEqual([0, 120, 0, 120])
  })

  it('24. a failure whose Date is near, or a success, teaches nothing', async () => {
    await start((_, response, nth) => {
      const date = new Date(Date.now() + (nth === 1 ? 3 * MINUTE : 2 * HOUR)).toUTCString()
      response.writeHead(nth === 1 ? 403 : 200, { date })
      response.end('<Error><Code>AccessDenied</Code></Error>')
    })
    expect((await aws.fetch(server.url)).status).toBe(403)
    expect((await aws.fetch(server.url)).status).toBe(200)
    await aws.fetch(server.url)
    expect(shifts()).toEqual([0, 0, 0])
  })

  it('24. a learnt offset is bounded', async () => {
    await start(byClock({ ahead: 10 * 365 * 24 * HOUR, skew: s3Skew }))
    expect((await aws.fetch(server.url)).status).toBe(403)
    await aws.fetch(server.url)
    expect(new Set(shifts())).toEqual(new Set([0]))
  })

  it('24. a clock that is put right is learnt anew', async () => {
    const clock = { ahead: 2 * HOUR, skew: jsonSkew }
    await start((...call) => byClock(clock)(...call))
    await aws.fetch(server.url)
    clock.ahead = 0
    expect((await aws.fetch(server.url)).status).toBe(200)
    expect((await aws.fetch(server.url)).status).toBe(200)
    expect(shifts()).toEqual([0, 120, 120, 0, 0])
  })

  it('24. signing again is done once, not for ever', async () => {
    await start((seen, response, nth) => {
      const moving = Date.now() + nth * HOUR
      response.writeHead(403, { date: new Date(moving).toUTCString() })
      response.end(s3Skew(signedAt(seen), moving))
    })
    expect((await aws.fetch(server.url)).status).toBe(403)
    expect(server.requests).toHaveLength(2)
  })
})
