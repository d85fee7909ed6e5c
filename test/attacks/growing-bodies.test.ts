import { sign } from 'countersign'
import { createEventSigner, createEventVerifier, type SignedEvent } from 'countersign/eventstream'
import { receivedFrom as receivedOverFetch } from 'countersign/fetch'
import { receivedFromLambda, receivedFrom as receivedOverHttp } from 'countersign/node-http'
import { describe, expect, it } from 'vitest'
import { bytes, codec, opened, scope, seed } from '../eventstream/common.ts'
import { create, FILENAME, policyOf, sealed, verify } from '../s3/forms.ts'
import { credentials, decode, now, received } from '../s3/support.ts'
import { BOUND, growthOf } from '../support/growth.ts'

/** A call that reads a body of some size. */
type Reading = (n: number) => () => unknown

const times = (n: number, one: (index: number) => string, separator = '') =>
  Array.from({ length: n }, (_, index) => one(index)).join(separator)

/** Bytes as a slow or hostile sender sends them. */
async function* byteByByte(whole: Uint8Array) {
  for (let at = 0; at < whole.length; at++) yield whole.subarray(at, at + 1)
}

/** What `verify` says of an upload by its headers. */
async function uploaded(
  payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' | 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  trailer = 'x',
) {
  const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
  const signed = await sign(
    { method: 'PUT', url, headers: { 'x-amz-trailer': trailer } },
    { service: 's3', region: 'eu-west-1', credentials, signingDate: now, payload },
  )
  return received(signed.headers)
}
const whole = await uploaded('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
const unsigned = await uploaded('STREAMING-UNSIGNED-PAYLOAD-TRAILER')
const ENDLESS = { maxLineSize: 1e9, maxTrailerSize: 1e9 }
const HEAD = `;chunk-signature=${'0'.repeat(64)}\r\n`

const CHUNKED: Record<string, readonly [size: number, want: string | undefined, make: Reading]> = {
  'a chunk, byte by byte': [
    3e4,
    'chunk-mismatch',
    (n) => {
      const body = bytes(`${n.toString(16)}${HEAD}${'a'.repeat(n)}\r\n`)
      return () => decode(byteByByte(body), whole)
    },
  ],
  'chunks of a byte': [
    2e4,
    undefined,
    (n) => {
      const body = bytes(`${times(n, () => '1\r\na\r\n')}0\r\nx:y\r\n\r\n`)
      return () => decode(body, unsigned)
    },
  ],
  'a line without an end': [
    2e5,
    'invalid-chunk',
    (n) => {
      const body = bytes('0'.repeat(n))
      return () => decode(body, unsigned, ENDLESS)
    },
  ],
  'a line without an end, byte by byte': [
    3e4,
    'invalid-chunk',
    (n) => {
      const body = bytes('0'.repeat(n))
      return () => decode(byteByByte(body), unsigned, ENDLESS)
    },
  ],
  'the size of a chunk': [
    2e5,
    'invalid-chunk',
    (n) => {
      const body = bytes(`${'0'.repeat(n)}\r\n`)
      return () => decode(body, unsigned, ENDLESS)
    },
  ],
  'the signature of a chunk': [
    2e5,
    'invalid-chunk',
    (n) => {
      const body = bytes(`1;chunk-signature=${'*'.repeat(n)}\r\n`)
      return () => decode(body, whole, ENDLESS)
    },
  ],
  'the fields of a trailer': [
    1e4,
    'trailer-mismatch',
    (n) => {
      const body = bytes(`0\r\n${times(n, (index) => `x${index}:y\r\n`)}\r\n`)
      return () => decode(body, unsigned, ENDLESS)
    },
  ],
  'a field of a trailer': [
    2e5,
    'invalid-chunk',
    (n) => {
      const body = bytes(`0\r\nx:${' '.repeat(n)}\u0001\r\n\r\n`)
      return () => decode(body, unsigned, ENDLESS)
    },
  ],
}

const frame = (headers: SignedEvent['headers'] | object, body: Uint8Array) =>
  codec.encode({ headers, body } as SignedEvent)
const signature = { type: 'binary', value: new Uint8Array(32) }
const date = { type: 'timestamp', value: now }

/** Reads a stream that is refused, or cut off, behind so many events. */
async function refused(frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, events = 0) {
  const verifier = createEventVerifier(opened, { now: () => now })
  let count = 0
  const reading = async () => {
    for await (const _ of verifier.payloads(frames, codec)) count++
  }
  await expect(reading()).rejects.toHaveProperty('code', 'invalid-body')
  expect(count).toBe(events)
}

const signer = createEventSigner({ signature: seed }, { ...scope, credentials, now: () => now })
const signedFrames: Uint8Array[] = []
for (let at = 0; at < 2e3; at++) signedFrames.push(codec.encode(await signer.sign(bytes('a'))))

const EVENTS: Record<string, readonly [size: number, make: Reading]> = {
  'the headers of an event': [
    1e4,
    (n) => {
      const headers = Object.fromEntries(Array.from({ length: n }, (_, at) => [`h${at}`, date]))
      const event = frame(headers, bytes('a'))
      return () => refused([event])
    },
  ],
  'a header of an event': [
    3e4,
    (n) => {
      const value = { type: 'binary', value: new Uint8Array(n) }
      const event = frame({ ':date': date, ':chunk-signature': value }, bytes('a'))
      return () => refused([event])
    },
  ],
  'the payload of an event': [
    2e5,
    (n) => {
      const event = frame({ ':date': date, ':chunk-signature': signature }, new Uint8Array(n))
      return () => refused([event])
    },
  ],
  'an event, byte by byte': [
    3e4,
    (n) => {
      const event = frame({ ':date': date, ':chunk-signature': signature }, new Uint8Array(n))
      return () => refused(byteByByte(event))
    },
  ],
  'events in one piece': [
    2e3,
    (n) => {
      const events = Buffer.concat(signedFrames.slice(0, n))
      return () => refused([events], n)
    },
  ],
}

const fieldsOf = (n: number, value: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: n }, (_, at) => [`x-amz-meta-${at}`, value]))

const FORMS: Record<string, readonly [size: number, make: (n: number) => Record<string, string>]> =
  {
    'the fields of a form': [1e4, (n) => fieldsOf(n, 'a')],
    'the name of a field': [2e5, (n) => ({ ['x-'.repeat(n / 2)]: 'a' })],
    'the value of a field': [2e5, (n) => ({ key: 'a'.repeat(n) })],
    'names of a file in fields': [
      6e4,
      (n) => ({ ...fieldsOf(9, FILENAME.repeat(n / 11)), key: FILENAME.repeat(n / 11) }),
    ],
    'a policy that is none': [2e5, (n) => ({ policy: '='.repeat(n) })],
    'brackets in a policy': [1e5, (n) => ({ policy: btoa(`{"conditions":${'['.repeat(n)}`) })],
    'escapes in a policy': [
      1e5,
      (n) => ({ policy: btoa(`{"conditions":"${'\\$'.repeat(n / 2)}`) }),
    ],
    'conditions of a policy': [
      1e4,
      (n) => ({
        policy: btoa(
          `{"expiration":"2030-01-01T00:00:00Z","conditions":[${times(n, (at) => `{"x${at}":"a"}`, ',')}]}`,
        ),
      }),
    ],
    'ranges of a size': [
      1e4,
      (n) => ({
        policy: btoa(
          `{"expiration":"2030-01-01T00:00:00Z","conditions":[${times(n, () => '["content-length-range",1,2]', ',')}]}`,
        ),
      }),
    ],
    'the scope of a form': [2e5, (n) => ({ 'x-amz-credential': '/20150830/a'.repeat(n / 11) })],
  }

const PARTS: Record<string, readonly [size: number, make: Reading]> = {
  'the fields of a message': [
    2e4,
    (n) => {
      const rawHeaders = Array.from({ length: 2 * n }, (_, at) => `a${at}`)
      return () => receivedOverHttp({ rawHeaders })
    },
  ],
  'the cookies of a message of HTTP/2': [
    2e4,
    (n) => {
      const cookies = Array.from({ length: n }, () => ['cookie', 'a=b'])
      const rawHeaders = [':path', '/', ...cookies.flat()]
      return () => receivedOverHttp({ rawHeaders })
    },
  ],
  'the URL of a Request': [
    2e5,
    (n) => {
      const request = new Request(`https://a.b/${'#'.repeat(n)}`)
      return () => receivedOverFetch(request)
    },
  ],
  'the body of a Request': [
    2e5,
    (n) => {
      const body = 'a'.repeat(n)
      return () => receivedOverFetch(new Request('https://a.b/', { method: 'POST', body }))
    },
  ],
  'the body of an event of Lambda': [
    2e5,
    (n) => {
      const http = { method: 'GET' }
      const event = { rawPath: '/', rawQueryString: '', headers: {}, requestContext: { http } }
      return () =>
        receivedFromLambda({ ...event, body: 'AAAA'.repeat(n / 4), isBase64Encoded: true })
    },
  ],
}

describe('what a stranger sends costs no more than its size', { timeout: 120_000 }, () => {
  it.each(Object.entries(CHUNKED))('in chunks: %s', async (_, [size, want, make]) => {
    expect(await make(100)()).toMatchObject({ code: want })
    expect(await growthOf(size, make)).toBeLessThan(BOUND)
  })

  it.each(Object.entries(EVENTS))('in an event stream: %s', async (_, [size, make]) => {
    expect(await growthOf(size, make)).toBeLessThan(BOUND)
  })

  it.each(Object.entries(FORMS))('in a form: %s', async (_, [size, make]) => {
    const { fields } = await create()
    const growth = await growthOf(size, (n) => {
      const form = { ...fields, 'x-amz-signature': '0'.repeat(64), ...make(Math.ceil(n)) }
      const filename = '/'.repeat(n / 2) + 'a'.repeat(n / 2)
      return async () => {
        const result = await verify(form, { filename, contentLength: 1 })
        expect(result.ok).toBe(false)
      }
    })
    expect(growth).toBeLessThan(BOUND)
  })

  it.each(Object.entries(PARTS))('as it is received: %s', async (_, [size, make]) => {
    expect(await growthOf(size, make)).toBeLessThan(BOUND)
  })

  it('in a form: as many conditions as fit are no exception', async () => {
    const many = policyOf(
      Array.from({ length: 150_000 }, (_, at) => ['content-length-range', at, 9e6 - at]),
    )
    const fields = { ...(await sealed(many)), file: { size: 1e6 } }
    expect(await verify(fields)).toMatchObject({ reason: 'fields-too-large' })
    expect(await verify(fields, { maxFieldsSize: 1e8 })).toMatchObject({
      ok: true,
      contentLengthRange: [149_999, 9e6 - 149_999],
    })
  })
})
