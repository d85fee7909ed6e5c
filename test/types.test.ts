import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types'
import {
  type BytesBody,
  type CryptoBackend,
  createSigner,
  type DerivedCredentials,
  type PresignedRequest,
  presign,
  type SignedRequest,
  sign,
} from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expectTypeOf, it } from 'vitest'

// Checked by `npm run types`. Nothing below is called: what matters is whether it compiles.

const url = 'https://example.com/'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const options = { service: 's3', region: 'us-east-1', credentials }
const unsigned = { ...options, payload: 'UNSIGNED-PAYLOAD' } as const

const compiles = (calls: () => unknown) => expectTypeOf(calls).toBeFunction()

declare const stream: ReadableStream<Uint8Array>
declare const form: FormData
declare const request: Request
declare const identity: AwsCredentialIdentity
declare const provider: AwsCredentialIdentityProvider
declare const key: CryptoKey
declare const derived: DerivedCredentials
declare const backend: CryptoBackend

describe('types', () => {
  it('a body that cannot be hashed does not compile without payload', () => {
    compiles(() => [
      // @ts-expect-error a stream needs payload
      sign({ url, body: stream }, options),
      // @ts-expect-error a form needs payload
      sign({ url, body: form }, options),
      // @ts-expect-error a plain object needs payload
      sign({ url, body: { a: 1 } }, options),
      // @ts-expect-error a stream needs payload
      presign({ url, body: stream }, options),
      // @ts-expect-error a stream needs payload
      createSigner(options).sign({ url, body: stream }),
      // @ts-expect-error a form needs payload
      createSigner(options).presign({ url, body: form }, { region: 'eu-west-1' }),
      // @ts-expect-error a stream needs payload
      sync.sign({ url, body: stream }, options),
      // @ts-expect-error a form needs payload
      sync.createSigner(options).presign({ url, body: form }),
    ])
  })

  it('with payload it compiles, and its type is kept', () => {
    compiles(() => {
      expectTypeOf(sign({ url, body: stream }, unsigned)).resolves.toEqualTypeOf<
        SignedRequest<typeof stream>
      >()
      expectTypeOf(presign({ url, body: form }, unsigned)).resolves.toEqualTypeOf<
        PresignedRequest<FormData>
      >()
      expectTypeOf(
        createSigner(options).sign({ url, body: stream }, { payload: 'STREAMING-X' }),
      ).resolves.toEqualTypeOf<SignedRequest<typeof stream>>()
      expectTypeOf(sync.sign({ url, body: form }, unsigned)).toEqualTypeOf<
        SignedRequest<FormData>
      >()
    })
  })

  it('text and bytes of any kind compile without payload', () => {
    compiles(() => {
      const bodies = [
        '',
        new Uint8Array(),
        new ArrayBuffer(1),
        new DataView(new ArrayBuffer(1)),
        null,
      ]
      for (const body of bodies) {
        expectTypeOf(sign({ url, body }, options)).resolves.toEqualTypeOf<SignedRequest>()
        expectTypeOf(sync.presign({ url, body }, options)).toEqualTypeOf<PresignedRequest>()
      }
      expectTypeOf<SignedRequest['body']>().toExtend<BytesBody | null | undefined>()
      expectTypeOf<SignedRequest['body']>().toExtend<RequestInit['body'] | undefined>()
    })
  })

  it('what is asynchronous does not compile in countersign/sync', () => {
    compiles(() => [
      // @ts-expect-error a provider that returns a promise
      sync.sign({ url }, { ...options, credentials: async () => credentials }),
      // @ts-expect-error a provider that returns a promise
      sync.createSigner({ ...options, credentials: provider }),
      // @ts-expect-error a promise
      sync.sign({ url }, { ...options, credentials: Promise.resolve(credentials) }),
      // @ts-expect-error a key that only crypto.subtle can use
      sync.sign({ url }, { ...options, credentials: { ...derived, signingKey: key } }),
      // @ts-expect-error a backend that may answer with a promise
      sync.sign({ url }, { ...options, crypto: backend }),
      // @ts-expect-error a Request
      sync.sign(request, options),
      // @ts-expect-error fetch is asynchronous
      sync.createSigner(options).fetch(url),
      sync.sign({ url }, { ...options, credentials: () => credentials }),
      sync.sign({ url }, { ...options, credentials: derived }),
      sign({ url }, { ...options, credentials: { ...derived, signingKey: key } }),
    ])
    expectTypeOf(sync.sign).returns.not.toExtend<PromiseLike<unknown>>()
  })

  it("an AWS SDK's identity and provider are accepted as they are", () => {
    compiles(() => [
      sign({ url }, { ...options, credentials: identity }),
      sign({ url }, { ...options, credentials: provider }),
      createSigner({ ...options, credentials: provider }),
      presign({ url }, { ...options, credentials: async () => identity }),
      sync.sign({ url }, { ...options, credentials: identity }),
    ])
  })

  it('a Request, a URL and Headers of the DOM are accepted', () => {
    compiles(() => [
      sign(request, options),
      presign(request, options),
      createSigner(options).fetch(request),
      createSigner(options).fetch(new URL(url), { method: 'PUT' }, { service: 'sts' }),
      sign({ url: new URL(url), headers: new Headers() }, options),
      sign({ url, headers: [['a', 'b']] }, options),
      sign({ url, headers: new Map([['a', 'b']]) }, options),
      sign({ url, headers: { a: 'b', c: ['d', 'e'], f: undefined } }, options),
      // @ts-expect-error a value that is no text
      sign({ url, headers: { a: 1 } }, options),
    ])
  })

  it('what was signed is what fetch takes', () => {
    compiles(async () => {
      const signed = await sign({ url, body: 'a' }, options)
      await fetch(signed.url, signed as RequestInit)
    })
  })

  it('a missing region, service or key does not compile', () => {
    compiles(() => [
      // @ts-expect-error no region
      sign({ url }, { service: 's3', credentials }),
      // @ts-expect-error no service
      sign({ url }, { region: 'us-east-1', credentials }),
      // @ts-expect-error no credentials
      sign({ url }, { service: 's3', region: 'us-east-1' }),
      // @ts-expect-error no secret
      sign({ url }, { ...options, credentials: { accessKeyId: 'A' } }),
      // @ts-expect-error no region
      presign({ url }, { service: 's3', credentials }),
      // @ts-expect-error no service
      createSigner({ region: 'us-east-1', credentials }),
      // @ts-expect-error no region
      sync.sign({ url }, { service: 's3', credentials }),
      // @ts-expect-error no url
      sign({}, options),
    ])
  })
})
