import { type BytesBody, type CryptoBackend, presign, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { backend as js } from '../../src/crypto/js.ts'
import { backend as node } from '../../src/crypto/node.ts'
import { backend as web } from '../../src/crypto/web.ts'
import { sha256 } from '../support/hash.ts'
import { api, canonicalOf, expectError, S3_SERVICES, s3 } from './common.ts'

const url = 'https://example.com/'
const EMPTY = sha256()

const bytes = Uint8Array.from({ length: 64 }, (_, index) => index)
const part = bytes.subarray(8, 24)

/** Bodies with the bytes that are sent for them. */
const BODIES: [name: string, body: BytesBody, sent: Uint8Array][] = [
  ['text in UTF-8', 'é ሴ 𝒳', new TextEncoder().encode('é ሴ 𝒳')],
  ['an unpaired surrogate as U+FFFD', 'a\ud800b', new TextEncoder().encode('a\ufffdb')],
  ['bytes', bytes, bytes],
  ['a view of some bytes', part, part],
  ['an ArrayBuffer', bytes.slice().buffer, bytes],
  ['a DataView', new DataView(bytes.buffer, 8, 16), part],
  ['numbers of 16 bits', new Uint16Array(bytes.buffer, 8, 8), part],
  ['a Buffer', Buffer.from(bytes.buffer, 8, 16), part],
]

const BACKENDS: [name: string, crypto: CryptoBackend][] = [
  ['node', node as CryptoBackend],
  ['web', web],
  ['js', js as CryptoBackend],
]

/** Bodies whose bytes are not at hand. */
const OPAQUE: [name: string, body: unknown][] = [
  ['a stream', new ReadableStream()],
  ['an async iterable', (async function* () {})()],
  ['a form', new FormData()],
  ['URL parameters', new URLSearchParams('a=b')],
  ['a blob', new Blob(['a'])],
  ['a plain object', { a: 1 }],
  ['a list', [1, 2, 3]],
  ['a number', 1],
  ['a function', () => 'a'],
]

describe('payload', () => {
  describe.each(BACKENDS)('with the %s backend', (_, crypto) => {
    it.each(BODIES)('16. the hash is of the bytes sent: %s', async (_name, body, sent) => {
      const signed = await sign({ method: 'POST', url, body }, { ...api, crypto })
      expect(canonicalOf(signed).payload).toBe(sha256(sent))
      expect(signed.body).toBe(body)
    })
  })

  it('16. a backend is given text or bytes as they came, as its contract says', async () => {
    const given: unknown[] = []
    const crypto: CryptoBackend = {
      ...node,
      sha256: (data) => {
        given.push(data)
        return node.sha256(data)
      },
    }
    for (const [, body] of BODIES) await sign({ method: 'POST', url, body }, { ...api, crypto })
    const odd = given.filter(
      (data) =>
        typeof data !== 'string' && !ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer),
    )
    expect(odd).toEqual([])
  })

  it('16. the body of a Request is hashed and left unread', async () => {
    const request = new Request(url, { method: 'POST', body: 'é' })
    const signed = await sign(request, s3)
    expect(canonicalOf(signed).payload).toBe(sha256('é'))
    expect(request.bodyUsed).toBe(false)
    expect(await new Response(signed.body as BodyInit).text()).toBe('é')
  })

  it('16. no body, null and an empty one are the hash of nothing', async () => {
    const bodies = [{}, { body: null }, { body: '' }, { body: new Uint8Array() }]
    for (const given of bodies)
      expect(canonicalOf(await sign({ url, method: 'POST', ...given }, api)).payload).toBe(EMPTY)
  })

  it.each(OPAQUE)('16. %s without payload is a typed error', async (_, body) => {
    for (const options of [api, s3]) {
      const call = () => sign({ method: 'PUT', url, body: body as string }, options)
      await expectError(call, 'invalid-body', /payload/)
    }
  })

  it.each(OPAQUE)('16. %s with an explicit payload is passed on as it is', async (_, body) => {
    const payload = 'UNSIGNED-PAYLOAD'
    const signed = await sign({ method: 'PUT', url, body }, { ...s3, payload })
    expect(canonicalOf(signed).payload).toBe(payload)
    expect(signed.body).toBe(body)
  })

  it.each(S3_SERVICES)('16. %s always carries x-amz-content-sha256', async (service) => {
    for (const [body, options, hash] of [
      [null, {}, EMPTY],
      ['é', {}, sha256('é')],
      ['é', { payload: 'UNSIGNED-PAYLOAD' }, 'UNSIGNED-PAYLOAD'],
      [null, { payload: sha256('other') }, sha256('other')],
    ] as const) {
      const signed = await sign({ method: 'PUT', url, body }, { ...s3, service, ...options })
      expect(signed.headers['x-amz-content-sha256']).toBe(hash)
      expect(canonicalOf(signed)).toMatchObject({ payload: hash })
      expect(signed.trace.signedHeaders).toContain('x-amz-content-sha256')
    }
  })

  it('16. a payload that is no hash and none of the words is a typed error', async () => {
    for (const payload of [
      'unsigned-payload',
      EMPTY.slice(1),
      `${EMPTY}0`,
      'UNSIGNED',
      'STREAMING-\n',
    ])
      await expectError(() => sign({ url }, { ...s3, payload }), 'invalid-payload', /payload/)
  })

  it.each(S3_SERVICES)('17. presigning for %s leaves the payload unsigned', async (service) => {
    for (const body of [null, 'a body']) {
      const signed = await presign({ method: 'PUT', url, body }, { ...s3, service })
      expect(canonicalOf(signed).payload).toBe('UNSIGNED-PAYLOAD')
      expect(signed.trace.signedHeaders).toEqual(['host'])
      expect(signed.headers).toEqual({})
    }
  })

  it('17. presigning for another service hashes the body, or nothing where there is none', async () => {
    expect(canonicalOf(await presign({ url }, api)).payload).toBe(EMPTY)
    const signed = await presign({ method: 'POST', url, body: 'é' }, api)
    expect(canonicalOf(signed).payload).toBe(sha256('é'))
    expect(signed.trace.signedHeaders).toEqual(['host'])
  })

  it('17. an explicit payload holds when presigning', async () => {
    const payload = sha256('upload')
    for (const options of [s3, api])
      expect(canonicalOf(await presign({ url }, { ...options, payload })).payload).toBe(payload)
  })
})

describe('a Request of Firefox, which does not show its body', () => {
  const hidden = (init: RequestInit) => {
    const request = new Request('https://example.com/', init)
    return new Proxy(request, {
      get(target, name) {
        const value = name === 'body' ? undefined : Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  it('16. has it hashed and sent all the same', async () => {
    const signed = await sign(hidden({ method: 'POST', body: 'text' }), api)
    const plain = await sign(
      {
        method: 'POST',
        url: 'https://example.com/',
        body: 'text',
        headers: { 'content-type': 'text/plain;charset=UTF-8' },
      },
      api,
    )
    expect(signed.trace.canonicalRequest).toBe(plain.trace.canonicalRequest)
    expect(Buffer.from(signed.body as ArrayBuffer).toString()).toBe('text')
  })

  it('16. has none, or an empty one, where there is none', async () => {
    expect((await sign(hidden({ method: 'GET' }), api)).body).toBeUndefined()
    const { body } = await sign(hidden({ method: 'POST' }), api)
    expect((body as ArrayBuffer).byteLength).toBe(0)
  })
})
