import { describe, expect, it } from 'vitest'
import { readPayload } from '../../src/canonical/payload.ts'
import { backend } from '../../src/crypto/node.ts'
import type { AnyRequest } from '../../src/model/types.ts'
import { sha256 } from '../support/hash.ts'

const HASH = 'a'.repeat(64)
const url = 'https://h/'
const UNSIGNED = 'UNSIGNED-PAYLOAD'
const STREAMING = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'

const read = async (
  request: Partial<AnyRequest>,
  options: Parameters<typeof readPayload>[2] = {} as never,
  headers: Record<string, string> = {},
  s3Payload?: string,
) => {
  const payload = await readPayload(
    request instanceof Request ? request : ({ url, ...request } as AnyRequest),
    headers,
    options,
    s3Payload,
    backend,
  )
  return [...payload, headers['x-amz-content-sha256']]
}

const of = (options: object) => options as Parameters<typeof readPayload>[2]
const S3 = of({ contentSha256: 'signed' })

describe('the payload line', () => {
  const bytes = Uint8Array.of(1, 2)
  it.each<[string, Partial<AnyRequest>, object, string, string | undefined]>([
    ['no body', {}, {}, sha256(), undefined],
    ['null', { body: null }, {}, sha256(), undefined],
    ['an empty text', { body: '' }, {}, sha256(), undefined],
    ['a text', { body: 'ü' }, {}, sha256('ü'), undefined],
    ['bytes', { body: bytes }, {}, sha256(bytes), undefined],
    ['no bytes', { body: new Uint8Array() }, {}, sha256(), undefined],
    ['a hash', { body: 'a' }, { payload: HASH }, HASH, undefined],
    ['a word', { body: 'a' }, { payload: UNSIGNED }, UNSIGNED, UNSIGNED],
    ['a word of streams', { body: 'a' }, { payload: STREAMING }, STREAMING, STREAMING],
    ['a text to S3', { body: 'a' }, S3, sha256('a'), sha256('a')],
    ['a hash for S3', { body: 'a' }, { ...S3, payload: HASH }, HASH, HASH],
  ])('of %s', async (_, request, options, hash, header) =>
    expect(await read(request, of(options))).toEqual([hash, request.body, undefined, header]),
  )

  it('is what the header says, and then what S3 presumes', async () => {
    expect(await read({ body: 'a' }, of({}), { 'x-amz-content-sha256': HASH })).toEqual([
      ...[HASH, 'a', undefined, HASH],
    ])
    expect(await read({ body: 'a' }, S3, {}, UNSIGNED)).toEqual([
      UNSIGNED,
      'a',
      undefined,
      undefined,
    ])
    expect(await read({ body: 'a' }, of({}), {}, UNSIGNED)).toEqual([
      sha256('a'),
      'a',
      undefined,
      undefined,
    ])
    // What S3 would not presume is told.
    expect((await read({ body: 'a' }, of({ ...S3, payload: HASH }), {}, UNSIGNED))[3]).toBe(HASH)
  })

  it('is given for a body that streams', async () => {
    const body = new ReadableStream() as never
    expect(await read({ body }, of({ payload: HASH }))).toEqual([HASH, body, 'half', undefined])
    await expect(read({ body })).rejects.toMatchObject({ code: 'invalid-body' })
  })

  it.each([
    '',
    'a',
    `${HASH}0`,
    `0${HASH}`,
    HASH.toUpperCase(),
    'STREAMING-',
    'XUNSIGNED-PAYLOAD',
    'UNSIGNED-PAYLOADX',
  ])('is not %j', async (payload) =>
    expect(read({ body: 5 as never }, of({ payload }))).rejects.toMatchObject({
      code: payload ? 'invalid-payload' : 'invalid-body',
    }),
  )

  it('of a Request is that of its bytes, which it keeps', async () => {
    const request = new Request(url, { method: 'POST', body: 'text' })
    const [hash, body, duplex] = await read(request)
    expect([hash, Buffer.from(body as ArrayBuffer).toString(), duplex]).toEqual([
      ...[sha256('text'), 'text', undefined],
    ])
    expect(request.bodyUsed).toBe(false)
    const empty = await read(new Request(url))
    expect(empty).toEqual([sha256(), null, undefined, undefined])
  })

  it('of a Request is read where one is not given', async () => {
    const request = new Request(url, { method: 'POST', body: 'text' })
    const [hash, body, duplex] = await read(request, of({ payload: HASH }))
    expect([hash, body, duplex]).toEqual([HASH, request.body, 'half'])
  })

  it.each([
    ['GET', undefined, false],
    ['HEAD', undefined, false],
    ['POST', undefined, true],
    ['POST', null, false],
  ])('of a %s whose body the engine shows as %j is read: %s', async (method, body, isRead) => {
    let reads = 0
    const clone = () => {
      reads++
      return { arrayBuffer: async () => new TextEncoder().encode('b').buffer }
    }
    const [hash] = await read({ method, body, clone } as never)
    expect([hash, reads]).toEqual(isRead ? [sha256('b'), 1] : [sha256(), 0])
  })
})
