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
  'JSON that is nested, and so has long lines': {
    body: `${'['.repeat(900)}${list(9000, () => '0')}${']'.repeat(900)}`,
  },
  'JSON that is nested deeper than parsers go': {
    body: `${'['.repeat(4000)}${list(9000, () => '0')}${']'.repeat(4000)}`,
  },
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

/** Counts what is put into some functions, by their names, while something is done. */
function counted(
  functions: readonly (readonly [object: object, name: string, size: (it: unknown) => number])[],
  act: () => void,
): number {
  let total = 0
  for (const [object, name, size] of functions) {
    const calls = object as Record<string, (...args: unknown[]) => unknown>
    const own = calls[name] as (...args: unknown[]) => unknown
    vi.spyOn(calls, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
      total += size(typeof this === 'string' || Array.isArray(this) ? this : args[0])
      return own.apply(this, args)
    })
  }
  act()
  vi.restoreAllMocks()
  return total
}

const one = () => 1
const lengthOf = (it: unknown) => `${it}`.length
const entriesOf = (it: unknown) => (it as readonly unknown[]).length

describe('explain is linear: it does no more than what is sent is long, between its guesses', () => {
  const unlike = (sent: Manual) => manual({ secret: 'a secret that nobody guesses', ...sent })
  const options = { ...serverOptions, maxTime: 60_000, budget: 1 } as Parameters<typeof explain>[1]
  const SIZE = 30_000

  it.each([[[0xff]], [[0xc3]], [[0xe0, 0x80, 0x80]], [[0xf0]], [[0x61, 0xff]]])(
    'of a body of bytes that are no text: %j',
    (bytes) => {
      const body = Uint8Array.from({ length: SIZE }, (_, at) => bytes[at % bytes.length] as number)
      const calls = counted([[globalThis, 'decodeURIComponent', one]], () => {
        expect(explain({ ...unlike({}), body }, options).matches).toBe(false)
      })
      expect(calls).toBeLessThan(1000)
    },
  )

  it('of a session token that is long, in all its spellings', () => {
    for (const character of ['+', '%', '\u00e9', '/']) {
      const token = character.repeat(SIZE)
      const received = unlike({ headers: { 'x-amz-security-token': token } })
      const length = counted(
        [
          [globalThis, 'encodeURI', lengthOf],
          [globalThis, 'encodeURIComponent', lengthOf],
        ],
        () => {
          const why = explain(received, options)
          expect(why.causes).toEqual(['token-unexpected'])
          expect(`${why}${JSON.stringify(why)}`).not.toContain(token.slice(0, 300))
        },
      )
      expect(length).toBeLessThan(2 * SIZE)
    }
  })

  it('of headers without end, of which it shows some', () => {
    const received = unlike(headers(SIZE / 10, 'a'))
    const why = explain(received, options)
    let text = ''
    const lines = counted([[String.prototype, 'padStart', one]], () => {
      text = String(why)
    })
    expect(text).toContain('of 3009 lines')
    expect(lines).toBeLessThan(200)
  })

  const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'one' }
  const client = { service: 's3', region: 'eu-west-1', credentials: key, budget: 1 }
  const asked = { url: 'https://bucket.s3.eu-west-1.amazonaws.com/a' }
  const mismatch = (text: string) => `<Error><Code>SignatureDoesNotMatch</Code>${text}</Error>`

  it('of a server that answers in bytes without end', () => {
    const bytes = 'c3 a9 '.repeat(100_000)
    const serverError = mismatch(`<CanonicalRequestBytes>${bytes}</CanonicalRequestBytes>`)
    const calls = counted(
      [
        [Number, 'parseInt', one],
        [globalThis, 'decodeURIComponent', one],
      ],
      () => {
        expect(explain(asked, { ...client, serverError }).matches).toBe(false)
      },
    )
    expect(calls).toBeLessThan(50_000)
  })

  it('of a server that answers with headers without end', () => {
    const lines = list(10_000, (at) => `h${at}:v\n`).join('')
    const serverError = mismatch(
      `<CanonicalRequest>GET\n/a\n\n${lines}\nhost\nabc</CanonicalRequest>`,
    )
    const looked = counted(
      [
        [Array.prototype, 'some', entriesOf],
        [Array.prototype, 'findIndex', entriesOf],
        [Array.prototype, 'includes', entriesOf],
      ],
      () => {
        const why = explain(asked, { ...client, serverError })
        expect(why.causes).toContain('header-unsigned')
      },
    )
    expect(looked).toBeLessThan(100 * SIZE)
  })

  it('of a server that answers with more than any answer holds, it reads the start', () => {
    const long = `<a>${'a'.repeat(200_000)}</a>`
    const told = '<Error><Code>ExpiredToken</Code>'
    expect(explain(asked, { ...client, serverError: told + long }).cause).toBe('token-expired')
    expect(explain(asked, { ...client, serverError: long + told }).cause).not.toBe('token-expired')
  })
})

it.each([
  [{ url: 5 }, 'invalid-url'],
  [{ url: null }, 'invalid-url'],
  [{ url: ['/'] }, 'invalid-url'],
  [{}, 'invalid-url'],
  [null, 'invalid-url'],
  [{ url: '/', headers: '' }, 'invalid-header'],
  [{ url: '/', headers: 'a: b' }, 'invalid-header'],
  [{ url: '/', headers: null }, 'invalid-header'],
  [{ url: '/', headers: 5 }, 'invalid-header'],
  [{ url: '/', body: 5 }, 'invalid-body'],
])('what is no request, as JSON may bring it, has a code: %j', (request, code) => {
  const options = { service: 's3', credentials: () => undefined }
  expect(() => explain(request as never, options)).toThrow(expect.objectContaining({ code }))
})
