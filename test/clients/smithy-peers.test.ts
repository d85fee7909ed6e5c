import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4MultiRegion } from '@aws-sdk/signature-v4-multi-region'
import { SignatureV4 } from '@smithy/signature-v4'
import { describe, expect, it } from 'vitest'
import { credentials, REGION, SERVICES } from './common.ts'
import { cases, requestOf, signerFor } from './smithy-common.ts'

const theirs = (service: string) =>
  new SignatureV4({
    service,
    region: REGION,
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  })

const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (found) =>
    `%${found.charCodeAt(0).toString(16)}`.toUpperCase(),
  )

describe('countersign/smithy signs as @smithy/signature-v4', () => {
  const signingDate = new Date('2015-08-30T12:36:00Z')

  it.each(SERVICES)('texts for %s', async (service) => {
    for (const text of ['', 'policy', 'ü😀']) {
      const call = { signingDate, signingRegion: 'us-west-2', signingService: 'sts' }
      expect(await signerFor(service).sign(text, call)).toBe(await theirs(service).sign(text, call))
      const own = { signingDate }
      expect(await signerFor(service).sign(text, own)).toBe(await theirs(service).sign(text, own))
    }
  })

  it('dates in each of the three forms', async () => {
    for (const date of [signingDate, '2015-08-30T12:36:00Z', Number(signingDate) / 1000]) {
      const call = { signingDate: date }
      expect(await signerFor('s3').sign('a', call)).toBe(await theirs('s3').sign('a', call))
    }
  })

  it('events and messages, in their chain', async () => {
    let prior = 'a'.repeat(64)
    for (const text of ['one', 'ü', '']) {
      const body = new Uint8Array(Buffer.from(text))
      const event = { headers: new Uint8Array([1, 2, 3]), payload: body }
      const call = { signingDate, priorSignature: prior }
      expect(await signerFor('transcribe').sign(event, call)).toBe(
        await theirs('transcribe').sign(event, call),
      )
      const headers = { ':date': { type: 'timestamp' as const, value: signingDate } }
      const signable = { message: { headers, body }, priorSignature: prior }
      const eventStreamCredentials = { accessKeyId: 'B', secretAccessKey: 'b' }
      for (const more of [{}, { eventStreamCredentials }]) {
        const ours = await signerFor('transcribe').signMessage(signable, { signingDate, ...more })
        expect(ours).toEqual(
          await theirs('transcribe').signMessage(signable, { signingDate, ...more }),
        )
        expect(await signerFor('transcribe').sign(signable, { signingDate, ...more })).toEqual(ours)
        prior = ours.signature
      }
    }
    const others = {
      ':date': { type: 'timestamp', value: signingDate },
      a: { type: 'byte', value: 1 },
    }
    for (const headers of [{}, others]) {
      const signable = { message: { headers, body: new Uint8Array() }, priorSignature: prior }
      await expect(signerFor('transcribe').signMessage(signable)).rejects.toMatchObject({
        code: 'invalid-body',
      })
    }
  })

  it.each(cases)('requests and presigned ones, for %s, %j', async (service, path) => {
    // Theirs takes a path that is encoded already, as the SDK does it.
    const request = requestOf('http://127.0.0.1:8080', path)
    request.path = `/${request.path.split('/').slice(1).map(percentEncode).join('/')}`
    if (service === 's3') request.headers['X-Amz-Content-Sha256'] = 'UNSIGNED-PAYLOAD'
    // And it leaves these out of the signature, although they go to the wire.
    for (const [name, value] of Object.entries(request.query))
      if (value === null || name === '__proto__') delete request.query[name]
    const call = { signingDate, expiresIn: 60 }
    const [ours, other] = [signerFor(service), theirs(service)]
    const presigned = await ours.presign(request, call)
    expect(presigned.query).toEqual((await other.presign(request, call)).query)
    const { headers } = await ours.sign(request, call)
    expect(headers.authorization).toBe((await other.sign(request, call)).headers.authorization)
  })

  const hash = createHash('sha256').update('text').digest('hex')
  const stream = () => Readable.from(['text'])
  // S3 presumes that a presigned body is not signed, and theirs signs a hash of it that S3 never sees.
  it.each<[string, string, object]>([
    ['a URL for an hour', 'execute-api', {}],
    ['a text', 'execute-api', { body: 'text' }],
    ['a stream', 'execute-api', { body: stream() }],
    ['a stream', 's3', { body: stream() }],
    ['a stream of which a hash is given', 's3', { body: stream(), header: hash }],
    ['a hash that is given', 'execute-api', { body: 'text', header: hash }],
    ['a hash that is given', 's3', { body: 'text', header: hash }],
    ['a body that is not signed', 'execute-api', { body: 'text', header: 'UNSIGNED-PAYLOAD' }],
    ['a hash that is to stay', 's3', { body: 'text', header: hash, stays: true }],
  ])('presigns %s, for %s', async (_, service, given) => {
    const { body, header, stays } = given as { body?: string; header?: string; stays?: true }
    for (const name of ['x-amz-content-sha256', 'X-Amz-Content-Sha256']) {
      const request = requestOf('http://127.0.0.1:8080', '/key?a=b')
      Object.assign(request, { method: 'PUT', body })
      Object.assign(request.headers, {
        ...{ 'user-agent': 'a  b', 'x-amzn-trace-id': 'Root=1', 'proxy-a': 'b', other: 'c' },
        ...{ date: 'Sun, 30 Aug 2015 12:36:00 GMT', authorization: 'Bearer a' },
        ...(header && { [name]: header }),
      })
      const unhoistableHeaders = new Set(stays ? ['x-amz-content-sha256'] : [])
      const call = { signingDate, unhoistableHeaders }
      const ours = await signerFor(service).presign(request, call)
      const other = await theirs(service).presign(request, call)
      expect(ours.query).toEqual(other.query)
      expect(ours.query).toHaveProperty('X-Amz-Expires', '3600')
      expect(ours.headers).toEqual(
        Object.fromEntries(Object.entries(other.headers).map(([n, it]) => [n.toLowerCase(), it])),
      )
      expect(ours.headers).toMatchObject({ 'user-agent': 'a  b', other: 'c' })
      const signed = await signerFor(service)
        .sign(request, call)
        .catch(() => undefined)
      if (signed) {
        const { headers } = await theirs(service).sign(request, call)
        expect(signed.headers).toMatchObject({ authorization: headers.authorization })
        expect(signed.headers).not.toHaveProperty('date')
      }
    }
  })

  it('presigns for as long as its own options say', async () => {
    const request = requestOf('http://127.0.0.1:8080', '/key')
    const { query } = await signerFor('s3', { expiresIn: 60 }).presign(request)
    expect(query).toHaveProperty('X-Amz-Expires', '60')
  })

  it('for S3 Express, by the session and without the ordinary token', async () => {
    const session = { accessKeyId: 'SESSION', secretAccessKey: 's', sessionToken: 'session/token=' }
    const request = () => requestOf('http://127.0.0.1:8080', '/key?a=b')
    const ours = await signerFor('s3').signWithCredentials(request(), session, { signingDate })
    const multi = new SignatureV4MultiRegion({
      ...{ service: 's3express', region: REGION, credentials, sha256: Sha256 },
      ...{ uriEscapePath: false, runtime: 'node' },
    })
    const other = await multi.signWithCredentials(request(), session, { signingDate })
    expect(ours.headers).toEqual({ ...other.headers, 'x-amz-meta-a': ' a  b ' })
    expect(ours.headers).not.toHaveProperty('x-amz-security-token')
    const opening = await signerFor('s3').sign(request(), { signingService: 's3express' })
    expect(opening.headers).toHaveProperty('x-amz-security-token', credentials.sessionToken)
  })
})
