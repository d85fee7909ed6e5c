import {
  type CryptoBackend,
  type HeadersInput,
  presign,
  type SigningRequest,
  sign,
} from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend as js } from '../src/crypto/js.ts'
import { backend as node } from '../src/crypto/node.ts'
import { backend as web } from '../src/crypto/web.ts'
import { asOptions, asRequest, hostile } from './arbitraries.ts'
import { joined } from './peers.ts'
import { fc } from './support/properties.ts'

const BACKENDS: readonly (readonly [string, CryptoBackend])[] = [
  ['node:crypto', node],
  ['crypto.subtle', web],
  ['@aws-crypto/sha256-js', js],
]

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
