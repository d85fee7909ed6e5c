import { presign, type SignOptions, sign } from 'countersign'
import { encodeChunked } from 'countersign/s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { senders } from '../senders.ts'
import { describeWithPart, type S3Server, startSwift } from './parts.ts'

const send = senders['node:http with a raw target']

const OTHER_ID = { accessKeyId: 'test:other', secretAccessKey: 'testing' }
const OTHER_SECRET = { accessKeyId: 'test:tester', secretAccessKey: 'another' }

describeWithPart('swift', 'Swift s3api, which checks the scope', () => {
  let swift: S3Server & { readonly region: string }
  let bucket: string
  beforeAll(async () => {
    swift = await startSwift()
    bucket = `${swift.endpoint}/bucket1`
    const { credentials, region } = swift
    const signed = await sign(
      { method: 'PUT', url: bucket },
      { service: 's3', region, credentials },
    )
    expect((await send(signed)).status).toBe(200)
  })
  afterAll(() => swift?.stop())

  const options = (more: Partial<SignOptions> = {}): SignOptions => ({
    ...{ service: 's3', region: swift.region, credentials: swift.credentials },
    ...more,
  })

  describe.each([
    ['sign', sign],
    ['presign', presign],
  ] as const)('%s', (name, verb) => {
    const url = () => `${bucket}/${name} ü+(1)`

    it('stores and finds an object', async () => {
      const put = await verb({ method: 'PUT', url: url(), body: 'text' }, options())
      expect((await send(put)).status).toBe(200)
      const { status, body } = await send(await verb({ url: url() }, options()))
      expect([status, body.toString()]).toEqual([200, 'text'])
    })

    // The path is encoded as S3 has it, so that nothing but the scope is wrong.
    const asS3 = { pathEncoding: 'single', pathNormalization: 'none' } as const
    const day = 86_400_000
    it.each<[string, Partial<SignOptions>, number, RegExp]>([
      ['region', { region: 'eu-west-1' }, 400, /the region 'eu-west-1' is wrong/],
      ['service', { service: 'execute-api', ...asS3 }, 400, /incorrect service "execute-api"/],
      ['day', { signingDate: new Date(Date.now() - day) }, 403, /TooSkewed|has expired/],
      ['key id', { credentials: OTHER_ID }, 403, /SignatureDoesNotMatch/],
      ['secret', { credentials: OTHER_SECRET }, 403, /SignatureDoesNotMatch/],
    ])('is refused with another %s', async (_, more, status, reason) => {
      const answer = await send(await verb({ url: url() }, options(more)))
      expect(answer.status).toBe(status)
      expect(answer.body.toString()).toMatch(reason)
    })
  })

  it('knows no chunks, and says so', async () => {
    const { region, credentials } = swift
    const url = `${bucket}/chunks`
    const signed = await encodeChunked({ url }, 'text', { region, credentials })
    const response = await fetch(signed.url, signed as RequestInit)
    expect(response.status).toBe(501)
  })
})
