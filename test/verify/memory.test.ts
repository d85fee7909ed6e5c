import { createVerifier, sign, verify } from 'countersign'
import { presign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { serialEqual } from '../../src/crypto/node-serial.ts'
import { remembered } from '../../src/lib/remembered.ts'
import { accepted, arriving, credentials, now, signing, verdict, verifying } from './common.ts'

const url = 'https://abc.example.com/a?b=c'
const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other' }
const later = new Date(now.getTime() + 1000)
const keys = new Map([credentials, other].map((key) => [key.accessKeyId, key]))
const options = { ...verifying, credentials: (id: string) => keys.get(id) }

const requests = [
  await sign({ url }, signing),
  await sign({ url }, { ...signing, signingDate: later }),
  await sign({ url }, { ...signing, credentials: other }),
  await sign({ url, headers: { 'x-amz-meta-a': '1' } }, signing),
  await sign({ url }, { ...signing, region: 'eu-west-1' }),
  await sign({ url }, { ...signing, service: 's3' }),
  presign({ url }, signing),
].map(arriving)
// A signature cut short, and one of another request.
const [first, second] = requests as [(typeof requests)[0], (typeof requests)[0]]
const headersOf = (authorization: string) => ({
  ...first,
  headers: { ...first.headers, authorization },
})
const authorization = first.headers.authorization as string
const wrong = [
  headersOf(authorization.slice(0, -1)),
  headersOf(second.headers.authorization as string),
  headersOf(`${authorization}=`),
  headersOf(authorization.replace('/aws4_request', '/aws4')),
  headersOf(authorization.replace('host;', 'host;host;')),
  headersOf(authorization.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512')),
  headersOf('Bearer abc'),
]

describe('what a verifier remembers of the last request', () => {
  it('tells nothing of the next: each verdict is that of a plain verify', async () => {
    const verifier = createVerifier(options)
    const all = [...requests, ...wrong]
    let judged = 0
    for (const a of all)
      for (const b of all) {
        await verifier.verify(a)
        expect(await verifier.verify(b)).toEqual(await verify(b, options))
        judged++
      }
    expect(judged).toBe(196)
  })

  it('does not hold for the options of one call', async () => {
    const verifier = createVerifier(options)
    const path = 'https://abc.example.com/a%20b'
    const once = arriving(await sign({ url: path }, { ...signing, pathEncoding: 'single' }))
    const twice = arriving(await sign({ url: path }, signing))
    for (let round = 0; round < 2; round++) {
      expect(verdict(await verifier.verify(twice))).toBe('accepted')
      expect(verdict(await verifier.verify(once))).toBe('signature-mismatch')
      expect(verdict(await verifier.verify(once, { pathEncoding: 'single' }))).toBe('accepted')
      expect(verdict(await verifier.verify(twice, { algorithm: [] }))).toBe('unsupported-algorithm')
    }
  })

  it('is nothing that an option can name', async () => {
    const odd = { ...options, memory: 512 }
    expect(verdict(await verify(first, odd))).toBe('accepted')
    expect(verdict(await createVerifier(odd).verify(first, odd))).toBe('accepted')
  })

  it('cannot be changed through what it gave', async () => {
    const verifier = createVerifier(options)
    const verified = accepted(await verifier.verify(first))
    verified.signedAt.setFullYear(1999)
    expect(() => (verified.signedHeaders as string[]).push('x')).toThrow(TypeError)
    expect(() => Object.assign(verified.scope, { service: 's3' })).toThrow(TypeError)
    const again = accepted(await verifier.verify(first))
    expect(again.signedAt).toEqual(now)
    expect(again).toEqual(await verify(first, options))
    const odd = wrong[3] as typeof first
    Object.assign(await verifier.verify(odd), { reason: 'changed' })
    expect(verdict(await verifier.verify(odd))).toBe('malformed-authorization')
  })

  it('is the last answer alone', () => {
    let calls = 0
    const sum = remembered((...numbers: number[]) => {
      calls++
      return numbers.reduce((a, b) => a + b, 0)
    })
    expect([sum(), sum(), sum(1, 2), sum(1, 2), sum(2, 1), sum(1, 2)]).toEqual([0, 0, 3, 3, 3, 3])
    expect(calls).toBe(4)
  })
})

describe('texts compared for a verifier in Node', () => {
  const equal = serialEqual()
  const texts = ['', 'a', 'b', 'ab', 'é', 'éa', 'aé', 'Ā', '\x00', '\ud800', 'x'.repeat(2048)]
  const long = ['y'.repeat(2049), `${'y'.repeat(2048)}z`, `${'x'.repeat(2047)}y`]
  const all = [...texts, ...long]

  it.each([3, 4, 5, 6, 7, 8, 9, 64])('differ in any one of %d characters', (length) => {
    const text = 'a'.repeat(length)
    for (let at = 0; at < length; at++)
      for (const other of ['b', 'é', '\x00'])
        expect(equal(text, text.slice(0, at) + other + text.slice(at + 1))).toBe(false)
    expect(equal(text, 'a'.repeat(length))).toBe(true)
  })

  it('are equal where they are the same, whatever was compared before', () => {
    for (const a of all)
      for (const b of all)
        for (const [expected, received] of [
          [a, b],
          [a, a],
          [b, a],
        ] as const)
          expect(equal(expected, received)).toBe(expected === received)
  })
})
