import { createHash, createHmac } from 'node:crypto'
import { type CryptoBackend, explain, sign } from 'countersign'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SHAPES, server } from './answers.ts'
import { get, KEY, NOW, onWire } from './client-case.ts'
import { serverOptions } from './faults.ts'
import { type Manual, manual } from './manual.ts'

const options = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}

/** A backend that counts what it is asked for. */
function counting() {
  const count = { sha256: 0, bytes: 0, hmac: 0, signatures: 0 }
  const mac = (key: unknown, data: string | Uint8Array) =>
    createHmac('sha256', key as string).update(data)
  const crypto: CryptoBackend = {
    sha256: (data) => {
      count.sha256++
      count.bytes += typeof data === 'string' ? data.length : data.byteLength
      return createHash('sha256')
        .update(data as string)
        .digest('hex')
    },
    hmac: (key, data) => {
      count.hmac++
      return mac(key, data).digest()
    },
    hmacHex: (key, data) => {
      count.signatures++
      return mac(key, data).digest('hex')
    },
  }
  return { count, crypto }
}

/** What it costs to explain a request that nothing explains. */
async function cost(it: Manual, given: Partial<typeof serverOptions> = {}) {
  const { count, crypto } = counting()
  const received = manual({ secret: 'a secret that nobody guesses', ...it })
  const began = performance.now()
  const why = await explain(received, { ...serverOptions, ...given, crypto })
  const text = String(why)
  expect(why.certain).toBe(false)
  expect(text.length).toBeLessThan(20_000)
  return { ...count, milliseconds: performance.now() - began }
}

const list = (length: number, make: (at: number) => string) =>
  Array.from({ length }, (_, at) => make(at))
const parameters = (length: number) => ({ query: list(length, (at) => `k${at}=${at}`).join('&') })
const values = (length: number) => ({
  query: list(999, (at) => `k${at}=${'b%20'.repeat(length / 3996)}`).join('&'),
})
const segments = (length: number) => ({ path: '/a'.repeat(length) })
const encoded = (length: number) => ({ path: `/${'%20'.repeat(length)}` })
const headers = (length: number) => ({
  headers: Object.fromEntries(list(length, (at) => `x-h${at}`).map((name) => [name, 'aB, c'])),
})
const header = (length: number) => ({ headers: { 'x-a': 'a b,"'.repeat(length) } })
const blanks = (length: number) => ({ headers: { 'x-a': `a${' '.repeat(length)}b` } })
const body = (length: number) => ({ body: `{"a":"${'b'.repeat(length)}"}` })

describe('the budget', () => {
  it('is 5000 signatures', async () => {
    const { signatures, sha256, hmac } = await cost({})
    expect(signatures).toBeGreaterThan(4000)
    // And those of verifying it before.
    expect(signatures).toBeLessThanOrEqual(5002)
    expect(sha256).toBeLessThan(15_000)
    expect(hmac).toBeLessThan(5000)
  })

  it.each([0, 1, 10, 100, 1000])('is %d where the caller says so', async (budget) => {
    const { signatures, sha256, hmac } = await cost({}, { budget })
    expect(signatures).toBeLessThanOrEqual(budget + 2)
    expect(sha256).toBeLessThan(3 * budget + 100)
    expect(hmac).toBeLessThan(4 * budget + 20)
  })

  it('is one for all keys, and each key has its turn', async () => {
    const credentials = () =>
      list(20, (at) => `secret ${at}`).map((secretAccessKey) => ({ ...KEY, secretAccessKey }))
    const { signatures } = await cost({}, { credentials, budget: 2000 })
    expect(signatures).toBeLessThanOrEqual(2021)
    const rotated = () => [{ ...KEY, secretAccessKey: 'an old one' }, KEY]
    const twice = manual({ query: 'b=2&a=1', canonicalQuery: 'b=2&a=1' })
    const why = await explain(twice, { ...serverOptions, credentials: rotated })
    expect([why.causes, why.certain]).toEqual([['query-order'], true])
  })

  it('holds for a client’s search of another signer’s mistake', async () => {
    const { count, crypto } = counting()
    const wrong = { ...KEY, secretAccessKey: 'a secret that nobody guesses' }
    const signed = await sign(get('/prod/items'), { ...options, credentials: wrong })
    const read = server(onWire(signed))
    for (const answer of [...Object.values(SHAPES), () => undefined]) {
      count.signatures = 0
      await explain(signed, { ...options, crypto, budget: 300, serverError: answer(read) })
      expect(count.signatures).toBeLessThanOrEqual(303)
    }
  })
})

describe('the time', () => {
  /** A clock that a hash or a signature moves on by a millisecond. */
  function ticking() {
    const { count, crypto } = counting()
    let time = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => time)
    const tick = <Args extends unknown[], T>(call: (...args: Args) => T) => {
      return (...args: Args): T => {
        time++
        return call(...args)
      }
    }
    const { sha256, hmac, hmacHex } = crypto
    return {
      count,
      crypto: { sha256: tick(sha256), hmac: tick(hmac), hmacHex: tick(hmacHex) },
    }
  }

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([0, 1, 50, 500])('is %d milliseconds where the caller says so', async (maxTime) => {
    const { count, crypto } = ticking()
    const received = manual({ secret: 'a secret that nobody guesses' })
    const why = await explain(received, { ...serverOptions, crypto, maxTime })
    expect([why.matches, why.certain, why.cause]).toEqual([false, false, 'wrong-secret'])
    // And what it takes to verify it, and to make out what may be tried.
    expect(count.sha256 + count.hmac + count.signatures).toBeLessThanOrEqual(maxTime + 60)
  })

  it('holds for a client’s search too, and finds what is found in time', async () => {
    const { count, crypto } = ticking()
    const wrong = { ...KEY, secretAccessKey: 'a secret that nobody guesses' }
    const signed = await sign(get('/prod/items'), { ...options, credentials: wrong })
    const read = server(onWire(signed))
    for (const answer of [...Object.values(SHAPES), () => undefined]) {
      Object.assign(count, { sha256: 0, hmac: 0, signatures: 0 })
      await explain(signed, { ...options, crypto, maxTime: 100, serverError: answer(read) })
      expect(count.sha256 + count.hmac + count.signatures).toBeLessThanOrEqual(200)
    }
    const unsorted = manual({ query: 'b=2&a=1', canonicalQuery: 'b=2&a=1' })
    const why = await explain(unsorted, { ...serverOptions, crypto, maxTime: 1000 })
    expect([why.causes, why.certain]).toEqual([['query-order'], true])
  })
})

/** A request grows tenfold; the work must not grow faster, but for what it does at the least. */
const GROWING: Readonly<
  Record<string, readonly [make: (size: number) => Manual, sizes: number[]]>
> = {
  // Beyond as many a request is refused, and no signature is searched for.
  parameters: [parameters, [10, 100, 1000]],
  'the values of parameters': [values, [10_000, 100_000, 1_000_000]],
  'segments of the path': [segments, [100, 1000, 10_000, 500_000]],
  'slashes in a row': [(length) => ({ path: '/'.repeat(length) }), [100, 1000]],
  'encoded bytes of the path': [encoded, [100, 1000, 10_000, 300_000]],
  headers: [headers, [100, 1000, 10_000]],
  'a header’s value': [header, [100, 1000, 10_000, 200_000]],
  'a header’s blanks': [blanks, [100, 10_000, 1_000_000]],
  'the body': [body, [1000, 100_000, 1_000_000, 16_000_000]],
}

describe('the work', () => {
  it.each(Object.entries(GROWING))(
    'grows no faster than %s',
    { timeout: 120_000 },
    async (_, [make, sizes]) => {
      let before: Awaited<ReturnType<typeof cost>> | undefined
      let smaller = 0
      for (const size of sizes) {
        const now = await cost(make(size))
        if (before) {
          const factor = size / smaller
          expect(now.sha256).toBeLessThanOrEqual(before.sha256 * 1.2 + 200)
          expect(now.bytes).toBeLessThanOrEqual(before.bytes * factor * 1.5)
          expect(now.milliseconds).toBeLessThanOrEqual((before.milliseconds + 500) * factor * 2)
        }
        expect(now.bytes).toBeLessThanOrEqual(300_000_000)
        before = now
        smaller = size
      }
    },
  )

  it('hashes a large body once, and does not write it anew', async () => {
    const { bytes } = await cost(body(16_000_000))
    expect(bytes).toBeLessThan(25_000_000)
    const large = new Uint8Array(16_000_000)
    const { count, crypto } = counting()
    const signed = await sign({ ...get('/p'), method: 'POST', body: large }, options)
    const wire = {
      ...signed,
      body: large,
      headers: { ...signed.headers, 'x-amz-date': '20261124T120001Z' },
    }
    await explain(wire, { ...options, crypto, budget: 100 })
    expect(count.bytes).toBeLessThan(17_000_000)
  })

  it('is not led astray by a body that is nested deeply', async () => {
    for (const depth of [1000, 100_000, 400_000])
      await cost({ body: '['.repeat(depth) + ']'.repeat(depth) }, { budget: 200 })
  })
})
