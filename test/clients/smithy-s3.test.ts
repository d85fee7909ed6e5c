import { Readable } from 'node:stream'
import { Sha256 } from '@aws-crypto/sha256-js'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { HttpRequest } from '@smithy/protocol-http'
import type { PresignOptions } from 'countersign'
import { beforeAll, describe, expect, it } from 'vitest'
import { credentials, expectArrived, header, outcome, REGION, target, useServer } from './common.ts'
import { signerFor } from './smithy-common.ts'

const server = useServer()

/** Keys with all that a path or a query could be hurt by. */
const KEYS: readonly string[] = [
  ...['a', 'a b', ' a ', 'ü', '日本/😀', 'e\u0301', '%', '%zz', '%41', '100%', '%2F', '%25', 'a+b'],
  ...['a&b=c', 'a?b', 'a#b', "!'()*", '~._-', 'a:b@c', 'a,;$=', '[a]', '{a}', '`a`', '"a"', '<a>'],
  ...['a//b', 'a/', '//', 'a\\b', 'a\nb', '\u0000', '\u00a0', '...', 'a..b', '.a', 'a.', '\u2028'],
  ...['constructor', '__proto__', '?', '=', '&', '*', '+', '|', '^'],
]

describe('countersign/smithy in an S3 client', () => {
  let usual: S3Client
  beforeAll(() => {
    usual = client()
  })

  const client = (more: object = {}, options: Partial<PresignOptions> = {}) =>
    new S3Client({
      ...{ endpoint: server.url, region: REGION, credentials },
      ...{ forcePathStyle: true, maxAttempts: 1 },
      ...more,
      signer: signerFor('s3', options),
    })

  it('is asked with more than forty keys', () => expect(KEYS.length).toBeGreaterThanOrEqual(40))

  it.each(KEYS)('puts and gets the key %j', async (Key) => {
    const encoded = Key.split('/').map(encodeURIComponent).join('/')
    await usual.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'text' }))
    await expectArrived(server, 's3', `/bucket/${encoded}?x-id=PutObject`, 'PUT')
    const wish = { ResponseContentDisposition: `attachment; filename="${Key}"` }
    const got = await usual.send(new GetObjectCommand({ Bucket: 'bucket', Key, ...wish }))
    expect(await got.Body?.transformToString()).toBe('accepted')
    const query = `response-content-disposition=${encodeURIComponent(wish.ResponseContentDisposition)}`
    await expectArrived(server, 's3', `/bucket/${encoded}?${query}&x-id=GetObject`)
  })

  it.each(['a/../b', '../b', 'a/./b', 'a/..'])(
    'refuses the key %j, or sends it to the letter',
    async (Key) => {
      const put = new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'text' })
      const before = server.verdicts.length
      await expect(usual.send(put)).rejects.toMatchObject({ code: 'dot-segments' })
      expect(server.verdicts.length).toBe(before)
      await client({}, { dotSegments: 'literal' }).send(put)
      expect([outcome(server), target(server)]).toEqual([
        expect.stringMatching(/^s3 /),
        `/bucket/${Key}?x-id=PutObject`,
      ])
    },
  )

  it('needs payload for a stream of which the client declares nothing', async () => {
    const put = () =>
      new PutObjectCommand({
        ...{ Bucket: 'bucket', Key: 'k', ContentLength: 4 },
        Body: Readable.from([Buffer.from('text')]),
      })
    const bare = { requestChecksumCalculation: 'WHEN_REQUIRED' }
    await expect(client(bare).send(put())).rejects.toMatchObject({ code: 'invalid-body' })
    await client(bare, { payload: 'UNSIGNED-PAYLOAD' }).send(put())
    expect(outcome(server)).toBe('s3 unsigned')
    await client({}, { payload: 'UNSIGNED-PAYLOAD' }).send(put())
    expect(outcome(server)).toBe('s3 streaming')
    const text = new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'text' })
    await client({}, { payload: 'UNSIGNED-PAYLOAD' }).send(text)
    expect(outcome(server)).toBe('s3 verified')
  })

  it.each(KEYS)(
    "presigns as the SDK's own S3RequestPresigner, which takes no signer: %j",
    async (Key) => {
      const s3 = client()
      let request: HttpRequest | undefined
      s3.middlewareStack.add(
        (next) => (args) => {
          request = HttpRequest.clone(args.request as HttpRequest)
          return next(args)
        },
        { step: 'build', priority: 'low' },
      )
      const get = new GetObjectCommand({ Bucket: 'bucket', Key, ChecksumMode: 'ENABLED' })
      await s3.send(get).catch(() => undefined)
      const call = {
        ...{ signingDate: new Date('2015-08-30T12:36:00Z'), expiresIn: 604_800 },
        ...{ unhoistableHeaders: new Set<string>(), unsignableHeaders: new Set<string>() },
      }
      const presigner = new S3RequestPresigner({ region: REGION, credentials, sha256: Sha256 })
      // The presigner writes its own wishes into what it is handed.
      const prepared = HttpRequest.clone(request as HttpRequest)
      const { query } = await presigner.presign(prepared, call)
      const ours = await signerFor('s3').presign(prepared, call)
      expect(ours.query).toEqual(query)
      const sent = await signerFor('s3').presign(prepared, { expiresIn: 60 })
      expect((await new NodeHttpHandler().handle(sent)).response.statusCode).toBe(200)
      expect([outcome(server), header(server, 'authorization')]).toEqual(['s3 unsigned', []])
    },
  )
})
