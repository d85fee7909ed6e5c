import { createHash, createHmac } from 'node:crypto'
import { explain } from 'countersign/sync'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serverOptions } from '../explain/faults.ts'
import { type Manual, manual } from '../explain/manual.ts'

const list = (length: number, make: (at: number) => string) =>
  Array.from({ length }, (_, at) => make(at))
const headers = (length: number, value: string): Manual => ({
  headers: Object.fromEntries(list(length, (at) => `x-h${at}`).map((name) => [name, value])),
})

/** What I send so that a server has much to guess at. */
const SENT: Readonly<Record<string, Manual>> = {
  'a small request': {},
  'five hundred headers': headers(500, 'aB, c'),
  'a query of many parameters': { query: list(1000, (at) => `k${at}=%2B+${at}`).join('&') },
  'a query that is long': { query: `a=${'%20b+'.repeat(3000)}` },
  'a path of many segments': { path: '/a%20!'.repeat(1000) },
  'a path of many slashes': { path: '/'.repeat(10_000) },
  'JSON that a parser would write anew': {
    body: JSON.stringify(list(1000, (at) => `${at}\u00fc`)).replace(/,/g, ' , '),
  },
  'a form': { body: 'a=%20+b&'.repeat(1000) },
}

/** Characters that are put together in a millisecond of the clock. */
const EACH = 512

/** A clock that moves on with each text that is put together or taken apart, and with each hash. */
function ticking() {
  let ticks = 0
  const start = Date.now()
  const ticksWith = (object: object, name: string) => {
    const calls = object as Record<string, (...args: unknown[]) => unknown>
    const own = calls[name] as (...args: unknown[]) => unknown
    vi.spyOn(calls, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
      const outcome: unknown = own.apply(this, args)
      ticks += `${typeof outcome === 'string' ? outcome : args[0]}`.length / EACH
      return outcome
    })
  }
  for (const name of ['parse', 'stringify']) ticksWith(JSON, name)
  ticksWith(Array.prototype, 'join')
  vi.spyOn(Date, 'now').mockImplementation(() => start + ticks)
  const tick = <T>(outcome: T): T => {
    ticks++
    return outcome
  }
  const mac = (key: string | Uint8Array, data: string | Uint8Array) =>
    createHmac('sha256', key).update(data)
  const crypto = {
    sha256: (data: unknown) =>
      tick(
        createHash('sha256')
          .update(data as string)
          .digest('hex'),
      ),
    hmac: (key: string | Uint8Array, data: string | Uint8Array) => tick(mac(key, data).digest()),
    hmacHex: (key: string | Uint8Array, data: string | Uint8Array) =>
      tick(mac(key, data).digest('hex')),
  }
  return { crypto, ticks: () => ticks }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('explain has a bound in time, which holds', () => {
  /** How much is done for a request that nothing explains, by the clock that it moves on. */
  const workOn = (sent: Manual, maxTime: number, secrets: readonly string[]) => {
    const received = manual({ secret: 'a secret that nobody guesses', ...sent })
    const { crypto, ticks } = ticking()
    const keys = secrets.map((secretAccessKey) => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey }))
    const options = { ...serverOptions, credentials: () => keys, crypto, maxTime }
    const why = explain(received, options as Parameters<typeof explain>[1])
    const work = ticks()
    vi.restoreAllMocks()
    expect([why.matches, why.certain]).toEqual([false, false])
    return work
  }

  it.each(Object.entries(SENT))('whatever there is to be guessed at: %s', (_, sent) => {
    for (const secrets of [['one'], list(20, (at) => `secret ${at}`)]) {
      const least = workOn(sent, 0, secrets)
      for (const maxTime of [10, 100, 400]) {
        const work = workOn(sent, maxTime, secrets)
        // What has been begun is ended: it takes no longer than the request takes to be read a few times.
        expect(work).toBeLessThanOrEqual(maxTime + 5 * least)
      }
    }
  })
})
