import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { FetchHttpHandler } from '@smithy/fetch-http-handler'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { HttpRequest } from '@smithy/protocol-http'
import { type PresignOptions, verify } from 'countersign'
import { sigv4a } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { credentials, expectArrived, outcome, useServer } from './common.ts'
import { cases, requestOf, signerFor } from './smithy-common.ts'

const server = useServer()
const HASH = createHash('sha256').update('text').digest('hex')

/** The path and query of a request, written from its members. */
const spelled = ({ path, query }: HttpRequest): string => {
  const parts = Object.entries(query).flatMap(([name, values]) =>
    values === null
      ? encodeURIComponent(name)
      : [values].flat().map((value) => [name, value].map(encodeURIComponent).join('=')),
  )
  return parts.length > 0 ? `${path}?${parts.join('&')}` : path
}

const HANDLERS = [
  ['NodeHttpHandler', new NodeHttpHandler()],
  ['FetchHttpHandler', new FetchHttpHandler()],
] as const

describe.each(HANDLERS)(
  'countersign/smithy through %s puts on the wire what was signed',
  (_, handler) => {
    it.each(cases)('for %s, %j', async (service, path) => {
      const request = requestOf(server.url, path)
      const before = structuredClone({ ...request })
      const ours = signerFor(service)
      for (const signed of [await ours.sign(request), await ours.presign(request)]) {
        expect(signed).toBeInstanceOf(HttpRequest)
        const { response } = await handler.handle(signed)
        response.body?.resume?.()
        expect(response.statusCode).toBe(200)
        if (signed.headers.authorization) await expectArrived(server, service, spelled(request))
        else expect(outcome(server)).toMatch(/verified|unsigned/)
      }
      expect({ ...request }).toEqual(before)
    })
  },
)

describe("countersign/smithy keeps to the SDK's words", () => {
  it('signs for the region and service of the call', async () => {
    const call = { signingRegion: 'us-west-2', signingService: 'sqs' }
    const { headers } = await signerFor('s3').sign(requestOf(server.url, '/'), call)
    expect(headers.authorization).toMatch(/\/us-west-2\/sqs\/aws4_request/)
  })

  it('signs no header that is unsignable, and each that is signable', async () => {
    const request = requestOf(server.url, '/')
    request.headers['user-agent'] = 'x'
    const sets = {
      unsignableHeaders: new Set(['x-amz-meta-a']),
      signableHeaders: new Set(['user-agent']),
    }
    const { headers } = await signerFor('s3').sign(request, sets)
    expect(headers.authorization).toMatch(
      /;user-agent;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
    )
  })

  it('signs by SigV4a for a set of regions, whatever the region of the call', async () => {
    const more = { algorithm: sigv4a, regionSet: ['eu-*', 'us-west-2'] }
    const signed = await signerFor('s3', more).sign(requestOf(server.url, '/a b?c=d'), {
      signingRegion: 'us-east-1',
    })
    const rules = { service: 's3', region: 'eu-west-1', algorithm: sigv4a }
    const received = { method: 'GET', url: '/a%20b?c=d', headers: signed.headers }
    const verifyFor = (region: string) =>
      verify(received, { ...rules, region, credentials: () => credentials })
    expect(await verifyFor('eu-west-1')).toMatchObject({ ok: true })
    expect(await verifyFor('us-east-1')).toMatchObject({ ok: false, reason: 'scope-mismatch' })
  })

  it("moves AWS's headers to the query, but those that are to stay", async () => {
    const request = requestOf(server.url, '/')
    Object.assign(request.headers, { 'X-Amz-Acl': 'private', 'if-match': 'a', other: 'b' })
    const { query, headers } = await signerFor('s3').presign(request, {
      unhoistableHeaders: new Set(['x-amz-acl']),
      hoistableHeaders: new Set(['if-match']),
    })
    expect(query).toMatchObject({ 'x-amz-meta-a': ' a  b ', 'if-match': 'a' })
    expect(headers).toEqual({ host: request.headers.host, 'x-amz-acl': 'private', other: 'b' })
  })

  it.each<[string, object, PresignOptions['payload'], string]>([
    ['s3', { body: 'text', headers: { 'x-amz-content-sha256': HASH } }, undefined, 'verified'],
    ['s3', { body: 'text', headers: { 'X-Amz-Content-Sha256': HASH } }, undefined, 'verified'],
    ['execute-api', { body: 'text' }, undefined, 'verified'],
    ['s3', { body: 'text' }, undefined, 'unsigned'],
    ['s3', { body: Readable.from(['text']) }, undefined, 'unsigned'],
    ['s3', { body: Readable.from(['text']) }, HASH, 'verified'],
    ['execute-api', { body: Readable.from(['text']) }, 'UNSIGNED-PAYLOAD', 'unsigned'],
  ])('presigns for %s what a server can verify: %j', async (service, given, payload, outcome) => {
    const request = requestOf('http://127.0.0.1:8080', '/key')
    const { headers, ...others } = given as Partial<HttpRequest>
    Object.assign(request, { method: 'PUT', ...others })
    Object.assign(request.headers, headers)
    const { query, ...signed } = await signerFor(service, payload && { payload }).presign(request)
    expect(Object.keys(signed.headers)).toEqual(['host'])
    const url = `/key?${new URLSearchParams(query as Record<string, string>)}`
    const received = { method: 'PUT', url, headers: signed.headers, body: 'text' }
    const rules = { service, credentials: () => credentials, unsignedPayload: 'accept' as const }
    expect(await verify(received, rules)).toMatchObject({ ok: true, payload: outcome })
    if (outcome === 'verified')
      expect(await verify({ ...received, body: 'test' }, rules)).toMatchObject({
        reason: expect.stringMatching(/^(payload|signature)-mismatch$/),
      })
  })

  it.each([0, -1, 0.5, 604_801])('refuses to presign for %d seconds', async (expiresIn) => {
    await expect(
      signerFor('s3').presign(requestOf(server.url, '/'), { expiresIn }),
    ).rejects.toMatchObject({
      code: 'invalid-expiry',
    })
  })

  it.each<[string, object, string]>([
    ['a bare ? in the path', { path: '/a?b' }, 'invalid-url'],
    ['a fragment', { fragment: 'a' }, 'invalid-url'],
    ['an unpaired surrogate', { query: { a: '\ud800' } }, 'invalid-url'],
    ['a dot segment', { path: '/a/../b' }, 'dot-segments'],
    ['a stream', { body: Readable.from(['a']) }, 'invalid-body'],
  ])('refuses %s', async (_, change, code) => {
    const request = Object.assign(requestOf(server.url, '/'), change)
    const ours = signerFor('execute-api', { pathNormalization: 'none' })
    await expect(ours.sign(request)).rejects.toMatchObject({ code })
    // A stream presigns unsigned, as with the SDK's own signer.
    if (code !== 'invalid-body') await expect(ours.presign(request)).rejects.toMatchObject({ code })
  })
})
