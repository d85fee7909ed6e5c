import {
  type CryptoBackend,
  type HeadersInput,
  presign,
  type SigningRequest,
  sign,
} from 'countersign'
import * as sync from 'countersign/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backend as js } from '../src/crypto/js.ts'
import { backend as node } from '../src/crypto/node.ts'
import { backend as web } from '../src/crypto/web.ts'
import { percentNormalize } from '../src/lib/percent.ts'
import { formatAmzDate, parseAmzDate } from '../src/lib/time.ts'
import { asOptions, asRequest, hostile } from './arbitraries.ts'
import { joined } from './peers.ts'

const BACKENDS: readonly (readonly [string, CryptoBackend])[] = [
  ['node:crypto', node],
  ['crypto.subtle', web],
  ['@aws-crypto/sha256-js', js],
]

const dates = fc.date({
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('a date', () => {
  it('comes back from its text, without the fraction of its second', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const text = formatAmzDate(date)
        expect(text).toMatch(/^\d{8}T\d{6}Z$/)
        expect(Number(parseAmzDate(text))).toBe(Math.floor(Number(date) / 1000) * 1000)
      }),
      { numRuns: 1000 },
    )
  })

  const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
  const texts = fc.oneof(
    fc.tuple(digits(8), digits(6)).map(([day, time]) => `${day}T${time}Z`),
    fc.tuple(dates, fc.string({ maxLength: 2 })).map(([date, more]) => formatAmzDate(date) + more),
    fc.constantFrom('20150230T000000Z', '20150831T240000Z', '20150830T125960Z', 'T', ''),
    fc.string(),
  )

  it('is read from the one spelling that it is written in, and from nothing else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const date = parseAmzDate(text)
        expect(date === undefined || formatAmzDate(date) === text).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the one spelling of percent-encoded text', () => {
  const ascii = fc.string({
    unit: fc.oneof(
      fc.constantFrom('%', '%2', '%c3', '%C3%bc', '%7e', '%zz', '%25', '%25zz', '%00', '%80'),
      fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
    ),
  })

  it('is its own, and has unreserved characters and upper-case escapes alone', () => {
    fc.assert(
      fc.property(ascii, (text) => {
        const spelled = percentNormalize(text)
        expect(percentNormalize(spelled)).toBe(spelled)
        expect(spelled).toMatch(/^([\w.~-]|%[\dA-F]{2})*$/)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps the bytes that the text stands for', () => {
    const bytes = (text: string) =>
      text.replace(/%([\da-f]{2})/gi, (_, digits) => String.fromCharCode(Number(`0x${digits}`)))
    fc.assert(
      fc.property(ascii, (text) => {
        expect(bytes(percentNormalize(text))).toBe(bytes(text))
      }),
      { numRuns: 1000 },
    )
  })
})

describe.each([
  ['sign', sign, sync.sign],
  ['presign', presign, sync.presign],
] as const)('%s', (_, verb, atOnce) => {
  it('gives the same result at once, in a promise and with every backend', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (generated) => {
        const [request, options] = [asRequest(generated), asOptions(generated)]
        const result = atOnce(request, options)
        expect(await verb(request, options)).toEqual(result)
        for (const [, crypto] of BACKENDS)
          expect(await verb(request, { ...options, crypto })).toEqual(result)
        for (const crypto of [node, js])
          expect(atOnce(request, { ...options, crypto })).toEqual(result)
      }),
      { numRuns: 300 },
    )
  })

  it('takes frozen input, and gives equal results for it time after time', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (generated) => {
        const request = deepFreeze(asRequest(generated))
        const options = deepFreeze(asOptions(generated))
        const before = structuredClone({ request, options })
        const first = await verb(request, options)
        expect(await verb(request, options)).toEqual(first)
        expect({ request, options }).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it('gives one signature for a request that it has signed before, or refuses a signed URL', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (generated) => {
        const options = asOptions(generated)
        const first = await verb(asRequest(generated), options)
        const again = verb(first as SigningRequest, options)
        if (verb === presign) {
          await expect(again).rejects.toMatchObject({ code: 'invalid-url' })
          return
        }
        const { signature, headers, url } = await again
        expect(signature).toBe(first.signature)
        expect(headers).toEqual(first.headers)
        expect(url).toBe(first.url)
      }),
      { numRuns: 300 },
    )
  })
})

it('a record of headers, of lists or of texts, and a Headers object sign as a list of fields', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (generated) => {
      const { headers, ...request } = asRequest(generated)
      const signature = async (fields: HeadersInput) =>
        (await sign({ ...request, headers: fields }, asOptions(generated))).signature
      const texts = joined(generated)
      const lists = Object.keys(texts).map((name) => [
        name,
        name === 'host'
          ? [generated.host]
          : headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value),
      ])
      const want = await signature(headers)
      expect(await signature(Object.fromEntries(lists))).toBe(want)
      expect(await signature(texts)).toBe(want)
      expect(await signature(new Headers(texts))).toBe(want)
    }),
    { numRuns: 300 },
  )
})

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
