import { createVerifier, explain, presign, verify } from 'countersign/sync'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromUtf8 } from '../../src/lib/utf8.ts'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's'.repeat(40) }
const signing = { service: 's3', region: 'r-1', credentials: key }
const { url: signed } = presign({ url: 'https://h.example/x' }, signing)
const target = signed.replace('https://h.example', '')

afterEach(() => void vi.restoreAllMocks())

/** How often a call makes the platform's decoder fail, which costs as much as thousands of characters. */
function failuresOf(call: () => unknown): number {
  const decode = vi.spyOn(globalThis, 'decodeURIComponent')
  call()
  const failed = decode.mock.results.filter(({ type }) => type === 'throw').length
  decode.mockRestore()
  return failed
}

describe('what I send costs its size, though nothing of it can be decoded', () => {
  it.each(['%=&', 'a%=1&', '%ff=&', '%', '%ED%A0%80=%&', '%c3&', 'a=%ff&'])(
    'in a query of %j',
    (unit) => {
      for (const before of ['/x?', `${target}&`]) {
        const url = before + unit.repeat(2000)
        const request = { method: 'GET', url, headers: { host: 'h.example' } }
        const verifier = createVerifier({ service: 's3', credentials: () => undefined })
        expect(failuresOf(() => verifier.verify(request))).toBe(0)
      }
    },
  )

  it('in parameters of AWS', () => {
    const many = Array.from({ length: 2000 }, (_, at) => `x-amz-${at}=%`)
    const request = { method: 'GET', url: `/x?${many.join('&')}`, headers: { host: 'h.example' } }
    const options = { service: 's3', credentials: () => key }
    expect(failuresOf(() => verify(request, options))).toBe(0)
  })

  it('in a body that is explained', () => {
    for (const piece of [
      [0xff],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
    ]) {
      const bytes = Uint8Array.from(Array.from({ length: 500 }, () => piece).flat())
      expect(failuresOf(() => fromUtf8(bytes))).toBe(0)
      expect(fromUtf8(bytes)).toMatch(/^\ufffd+$/)
      const request = { method: 'PUT', url: target, headers: { host: 'h.example' }, body: bytes }
      const options = { service: 's3', credentials: () => key }
      expect(failuresOf(() => explain(request, options))).toBeLessThan(100)
    }
  })
})

describe('and what it holds beside that is read as it was', () => {
  it.each(['%', '%zz', '%ff', '%C3', '%u0041', 'b=%', '%ED%A0%80=1'])('beside %s', (odd) => {
    const { url } = presign({ url: `https://h.example/x?${odd}` }, signing)
    const request = {
      ...{ method: 'GET', url: url.replace('https://h.example', '') },
      headers: { host: 'h.example' },
    }
    expect(verify(request, { service: 's3', credentials: () => key }).ok).toBe(true)
  })

  it('a name in hex is a name, and one that is written otherwise is none', () => {
    const twice = { reason: 'malformed-authorization', about: { parameter: 'X-Amz-Date' } }
    const options = { service: 's3', credentials: () => key }
    const sent = (more: string) =>
      verify({ method: 'GET', url: `${target}&${more}`, headers: { host: 'h.example' } }, options)
    expect(sent('%58-Amz-Date=1')).toMatchObject(twice)
    expect(sent('%58-Amz-Date=1&%')).toMatchObject(twice)
    expect(sent('%u0058-Amz-Date=1')).toMatchObject({ reason: 'signature-mismatch' })
  })
})
