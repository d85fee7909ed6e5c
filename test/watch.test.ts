import { channel } from 'node:diagnostics_channel'
import {
  canonicalRequest,
  createSigner,
  createVerifier,
  deriveSigningKey,
  explain,
  type KeyUse,
  presign,
  sign,
  verify,
} from 'countersign'
import { derivedCredentials, importCredentials } from 'countersign/credentials'
import { createEventSigner, createEventVerifier } from 'countersign/eventstream'
import { createPostPolicy, verifyPostPolicy } from 'countersign/s3'
import { deriveSigningKeyPair } from 'countersign/sigv4a'
import { smithySigner } from 'countersign/smithy'
import * as sync from 'countersign/sync'
import { afterEach, describe, expect, it } from 'vitest'
import { exampleKey } from './support/example-key.ts'

const credentials = { ...exampleKey, sessionToken: 'SESSIONTOKEN' }
const scope = { service: 's3', region: 'eu-west-1', credentials }
const lookup = { service: 's3', credentials: () => credentials }
const request = { url: 'https://bucket.s3.eu-west-1.amazonaws.com:8443/key' }
const host = 'bucket.s3.eu-west-1.amazonaws.com:8443'

/** A credential scope of some day. */
const DAY = expect.stringMatching(/^\d{8}\/eu-west-1\/s3\/aws4_request$/)

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** What is told on a channel until the test ends. */
function listen(verb: 'sign' | 'verify'): KeyUse[] {
  const told: KeyUse[] = []
  const hear = (use: unknown) => void told.push(use as KeyUse)
  const of = channel(`countersign:${verb}`)
  of.subscribe(hear)
  stops.push(() => of.unsubscribe(hear))
  return told
}

const received = (signed: { url: string; headers: Record<string, string> }) => ({
  method: 'GET',
  url: signed.url.slice(signed.url.indexOf('/', 8)),
  headers: { host, ...signed.headers },
})

describe('uses of a key can be watched', () => {
  it('countersign:sign tells the key id, the scope and the host of each signature', async () => {
    const told = listen('sign')
    await sign(request, scope)
    await presign(request, scope)
    await createSigner(scope).sign(request)
    sync.sign(request, scope)
    sync.createSigner(scope).presign(request)
    const credentialScope = expect.stringMatching(/^\d{8}\/eu-west-1\/s3\/aws4_request$/)
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope, host }
    expect(told).toEqual([use, use, use, use, use])
  })

  it('countersign:verify tells the verdict, with the reason of a refusal', async () => {
    const told = listen('verify')
    const good = received(await sign(request, scope))
    await verify(good, lookup)
    sync.createVerifier(lookup).verify(good)
    await createVerifier(lookup).verify({ ...good, url: '/other' })
    await verify({ ...good, headers: { host } }, lookup)
    const credentialScope = expect.stringMatching(/^\d{8}\/eu-west-1\/s3\/aws4_request$/)
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope, host }
    expect(told).toEqual([
      { ...use, ok: true },
      { ...use, ok: true },
      { ...use, ok: false, reason: 'signature-mismatch' },
      { accessKeyId: '', credentialScope: '', host, ok: false, reason: 'missing-authentication' },
    ])
  })

  it('onSign tells it where there is no channel, and beside it', async () => {
    const told: KeyUse[] = []
    const heard = listen('sign')
    const signer = createSigner({ ...scope, onSign: (use) => void told.push(use) })
    await signer.sign(request)
    sync.sign(request, { ...scope, onSign: (use) => void told.push(use) })
    expect(told).toHaveLength(2)
    expect(heard).toEqual(told)
  })

  it('countersign:verify tells the verdict on a form, and countersign:sign who made it', async () => {
    const signed = listen('sign')
    const told = listen('verify')
    const { fields } = await createPostPolicy({ ...scope, bucket: 'photos', key: 'a' })
    const of = { bucket: 'photos', credentials: () => credentials }
    await verifyPostPolicy(fields, of)
    await verifyPostPolicy({ ...fields, key: 'b' }, of)
    await verifyPostPolicy({ ...fields, policy: 'e30=' }, of)
    await verifyPostPolicy({ key: 'b' }, of)
    await verifyPostPolicy({ ...fields, 'x-amz-date': 'x' }, of)
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope: DAY, host: '' }
    const nobody = { accessKeyId: '', credentialScope: '', host: '', ok: false }
    expect(signed).toEqual([{ ...use, host: 'photos.s3.eu-west-1.amazonaws.com' }])
    expect(told).toEqual([
      { ...use, ok: true },
      { ...use, ok: false, reason: 'condition-failed' },
      { ...use, ok: false, reason: 'signature-mismatch' },
      { ...nobody, reason: 'missing-authentication' },
      { ...nobody, reason: 'malformed-authorization' },
    ])
    expect(JSON.stringify(told)).not.toMatch(/SESSIONTOKEN|wJalr|[\da-f]{64}/)
  })

  it('countersign:verify tells of calls that come to no verdict: a lookup that throws, a body that cannot be read', async () => {
    const told = listen('verify')
    const good = received(await sign(request, scope))
    const unread = { ...good, body: new ReadableStream() as never }
    const hashed = { service: 'execute-api', credentials: () => credentials }
    const posted = { ...received(await sign(request, { ...scope, service: 'execute-api' })) }
    const { 'x-amz-content-sha256': _, ...fields } = posted.headers as Record<string, string>
    const thrown = new Error(`a database that is down, and ${credentials.secretAccessKey}`)
    const throwing = () => {
      throw thrown
    }
    const rejecting = () => Promise.reject(thrown)
    const nonsense = (() => ({ accessKeyId: 'AKIDEXAMPLE' })) as never
    const late = (async () => credentials) as never
    const { fields: form } = await createPostPolicy({ ...scope, bucket: 'photos', key: 'a' })
    for (const [call, error] of [
      [() => verify(good, { ...lookup, credentials: throwing }), thrown],
      [() => verify(good, { ...lookup, credentials: rejecting }), thrown],
      [() => createVerifier({ ...lookup, credentials: rejecting }).verify(good), thrown],
      [async () => sync.verify(good, { ...lookup, credentials: throwing }), thrown],
      [async () => sync.createVerifier({ ...lookup, credentials: throwing }).verify(good), thrown],
      [() => verify(unread, lookup), { code: 'invalid-body' }],
      [
        () => verify({ ...posted, headers: fields, body: 7 as never }, hashed),
        { code: 'invalid-body' },
      ],
      [() => verify(good, { ...lookup, credentials: nonsense }), { code: 'invalid-credentials' }],
      [
        async () => sync.verify(good, { ...lookup, credentials: late }),
        { code: 'not-synchronous' },
      ],
      [() => verifyPostPolicy(form, { bucket: 'photos', credentials: rejecting }), thrown],
    ] as const)
      await expect(call()).rejects.toMatchObject(error)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope: DAY, host, ok: false }
    const failed = { ...use, reason: 'failed' }
    const unreadable = { ...use, reason: 'invalid-body' }
    expect(told).toEqual([
      ...[failed, failed, failed, failed, failed, unreadable],
      { ...unreadable, credentialScope: expect.stringContaining('/execute-api/') },
      { ...use, reason: 'invalid-credentials' },
      { ...use, reason: 'not-synchronous' },
      { ...failed, host: '' },
    ])
    expect(JSON.stringify(told)).not.toMatch(/database|wJalr/)
  })

  it('countersign:sign tells of keys that are derived to be handed on', async () => {
    const told = listen('sign')
    const date = { ...scope, signingDate: new Date() }
    await derivedCredentials(credentials, scope)
    await importCredentials(credentials, scope)
    await deriveSigningKey(credentials.secretAccessKey, date)
    sync.deriveSigningKey(credentials.secretAccessKey, date)
    await deriveSigningKeyPair(credentials)
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope: DAY, host: '' }
    const unnamed = { ...use, accessKeyId: '' }
    expect(told).toEqual([use, use, unnamed, unnamed, { ...use, credentialScope: '' }])
  })

  it('countersign:sign tells of texts and events that an SDK has signed', async () => {
    const told = listen('sign')
    const heard: KeyUse[] = []
    const signer = smithySigner({ ...scope, onSign: (use) => void heard.push(use) })
    await signer.sign('a text')
    const payload = new Uint8Array(3)
    const event = { headers: new Uint8Array(), payload }
    await signer.sign(event, { priorSignature: '' } as never)
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope: DAY, host: '' }
    expect(told).toEqual([use, use])
    expect(heard).toEqual(told)
  })

  it('countersign:verify tells the verdict on each event of a stream', async () => {
    const signed = listen('sign')
    const told = listen('verify')
    const trace = { signature: '0'.repeat(64) }
    const events = createEventSigner(trace, scope)
    const verifier = createEventVerifier({ credentials, scope, trace })
    const first = await events.sign(Uint8Array.of(1))
    await verifier.verify(first)
    await verifier.verify(first)
    await createEventVerifier({ credentials, scope, trace }).verify({ ...first, headers: {} })
    const use = { accessKeyId: 'AKIDEXAMPLE', credentialScope: DAY, host: '' }
    expect(signed).toEqual([use])
    expect(told).toEqual([
      { ...use, ok: true },
      { ...use, ok: false, reason: 'signature-mismatch' },
      { ...use, credentialScope: '', ok: false, reason: 'malformed-authorization' },
    ])
  })

  it('never tells a secret, a token or a signature', async () => {
    const told = [listen('sign'), listen('verify')]
    const signed = await sign(request, scope)
    await verify(received(signed), lookup)
    const text = JSON.stringify(told)
    for (const secret of [credentials.secretAccessKey, credentials.sessionToken, signed.signature])
      expect(text).not.toContain(secret)
  })

  it('tells nothing of what is signed to look at it, and of what fails', async () => {
    const told = listen('sign')
    const onSign = (use: KeyUse) => void told.push(use)
    await canonicalRequest(request, { ...scope, onSign })
    await explain(request, { ...scope, onSign, serverError: '<Error/>' }).catch(() => {})
    await sign({ url: 'no url' }, { ...scope, onSign }).catch(() => {})
    expect(told).toEqual([])
  })

  it('does not look at a request again where nobody listens', async () => {
    let asked = 0
    const headers = new Map(Object.entries(received(await sign(request, scope)).headers))
    const counted = {
      [Symbol.iterator]() {
        asked++
        return headers[Symbol.iterator]()
      },
    }
    const verdict = await verify({ method: 'GET', url: '/key', headers: counted }, lookup)
    expect([verdict.ok, asked]).toEqual([true, 1])
  })
})
