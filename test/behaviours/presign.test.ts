import { createSigner, presign } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { api, canonicalOf, errorOf, expectError, s3, signingDate } from './common.ts'

const url = 'https://bucket.example/report.pdf'

const HEADERS = {
  'Content-Type': 'application/pdf',
  'x-amz-checksum-sha256': 'abc=',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-acl': 'private',
  'x-amz-meta-note': 'a',
}

const NAMES = Object.keys(HEADERS).map((name) => name.toLowerCase())

const queryNames = (target: string) =>
  [...new URL(target).searchParams.keys()].map((name) => name.toLowerCase())

describe('presign', () => {
  it('21. expiresIn is a whole number of seconds from 1 to 604800, by default 900', async () => {
    for (const [given, seconds] of [
      [{ expiresIn: 1 }, 1],
      [{ expiresIn: 604800 }, 604800],
      [{ expiresIn: undefined }, 900],
      [{}, 900],
    ] as const) {
      const signed = await presign({ url }, { ...s3, ...given })
      expect(new URL(signed.url).searchParams.get('X-Amz-Expires')).toBe(String(seconds))
      expect(signed.expiresAt).toEqual(new Date(signingDate.getTime() + seconds * 1000))
    }
  })

  it('21. another expiresIn is refused with the same typed error', async () => {
    const messages = new Set<string>()
    const refused = [0, -1, 0.5, Number.NaN, 604801, Infinity, -Infinity, '900', null]
    for (const given of refused) {
      const options = { ...s3, expiresIn: given as number }
      const calls = [
        () => presign({ url }, options),
        () => sync.presign({ url }, options),
        () => createSigner(options).presign({ url }),
      ]
      for (const call of calls) {
        await expectError(call, 'invalid-expiry', /604800/)
        messages.add((await errorOf(call)).message)
      }
    }
    expect(messages.size).toBe(1)
  })

  it('22. nothing is moved to the query unless asked', async () => {
    for (const options of [s3, api]) {
      const signed = await presign({ method: 'PUT', url, headers: HEADERS }, options)
      expect(signed.trace.signedHeaders).toEqual([...NAMES, 'host'].sort())
      for (const name of NAMES) expect(queryNames(signed.url)).not.toContain(name)
    }
  })

  it('22. what is asked for is moved: signed in the query, and no header any more', async () => {
    const hoistableHeaders = ['X-Amz-Meta-Note', 'x-amz-acl', 'x-amz-absent']
    const signed = await presign({ url, headers: HEADERS }, { ...s3, hoistableHeaders })
    const names = queryNames(signed.url)
    expect(names).toContain('x-amz-meta-note')
    expect(names).toContain('x-amz-acl')
    expect(names).not.toContain('x-amz-absent')
    expect(canonicalOf(signed).query.toLowerCase()).toContain('x-amz-meta-note=a')
    for (const name of ['x-amz-meta-note', 'x-amz-acl']) {
      expect(signed.headers).not.toHaveProperty(name)
      expect(signed.trace.signedHeaders).not.toContain(name)
    }
  })

  it('22. the result lists what the sender must send, and no more', async () => {
    const headers = { ...HEADERS, 'User-Agent': 'test/1', Authorization: 'Bearer token' }
    const signed = await presign({ method: 'PUT', url, headers }, s3)
    expect(signed.headers).toEqual(
      Object.fromEntries(
        Object.entries(HEADERS).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    )
    expect((await presign({ url }, s3)).headers).toEqual({})
  })

  it('23. a rounded signingDate makes the same URL for as long', async () => {
    const hour = 3_600_000
    const rounded = (time: number) => new Date(Math.floor(time / hour) * hour)
    const [one, two, three] = await Promise.all(
      [0, hour / 4, hour].map((later) =>
        presign({ url }, { ...s3, signingDate: rounded(signingDate.getTime() + later) }),
      ),
    )
    expect(one?.url).toContain('X-Amz-Date=20150830T120000Z')
    expect(two?.url).toBe(one?.url)
    expect(three?.url).not.toBe(one?.url)
    expect(one?.expiresAt).toEqual(new Date('2015-08-30T12:15:00Z'))
  })

  it('23. a signingDate may lie ahead', async () => {
    const ahead = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000)
    const signed = await presign({ url }, { ...s3, signingDate: ahead, expiresIn: 60 })
    expect(signed.expiresAt).toEqual(new Date(ahead.getTime() + 60_000))
  })

  it('23. fractions of a second are dropped from the date and from expiresAt', async () => {
    const date = new Date('2015-08-30T12:36:00.999Z')
    const signed = await presign({ url }, { ...s3, signingDate: date, expiresIn: 1 })
    expect(signed.url).toContain('X-Amz-Date=20150830T123600Z')
    expect(signed.expiresAt).toEqual(new Date('2015-08-30T12:36:01Z'))
  })

  it('23. a signingDate that is no date is a typed error, and is not changed where it is one', async () => {
    for (const date of [new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15)])
      await expectError(
        () => presign({ url }, { ...s3, signingDate: date }),
        'invalid-date',
        /Date/,
      )
    const date = new Date(signingDate)
    await presign({ url }, { ...s3, signingDate: date })
    expect(date).toEqual(signingDate)
  })
})
