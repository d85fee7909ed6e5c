import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  type ListObjectsCommandOutput,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { createSigner, sign } from 'countersign'
import { createPostPolicy } from 'countersign/s3'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noise } from '../s3/support.ts'

const region = 'eu-west-1'
const Bucket = 'bucket'
const MIB5 = 5 * 1024 ** 2
const ALGORITHMS: ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']

let server: VerifyingServer
let s3: S3Client
beforeEach(async () => {
  server = await createVerifyingServer({ cors: ['http://page.example'] })
  s3 = new S3Client({
    ...{ endpoint: server.url, region, credentials: server.credentials },
    ...{ forcePathStyle: true, maxAttempts: 1 },
  })
  await s3.send(new CreateBucketCommand({ Bucket }))
})
afterEach(() => server.close())

const put = (Key: string, Body: string | Uint8Array = Key, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const get = async (Key: string, more: object = {}) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))
  return { ...answer, bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array() }
}
const textIn = async (Key: string, more: object = {}) =>
  Buffer.from((await get(Key, more)).bytes).toString()
const named = (name: string) => expect.objectContaining({ name })
const fetchSigned = (path: string, init: RequestInit = {}) =>
  createSigner({ service: 's3', region, credentials: server.credentials, retries: 0 }).fetch(
    server.url + path,
    init,
  )

describe('its uploads in parts', () => {
  const Key = 'large'
  const begin = async (more: object = {}) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId
  const part = (UploadId: string | undefined, PartNumber: number, Body: Uint8Array, more = {}) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }))
  const complete = (UploadId: string | undefined, Parts: object[], more = {}) =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...{ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more },
      }),
    )

  it('are listed part by part, and neither completed nor changed by it', async () => {
    await put(Key, 'before')
    const UploadId = await begin()
    const { UploadId: other } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key: 'b' }),
    )
    const pieces = [Buffer.from('three'), Buffer.from('one'), Buffer.from('two')]
    for (const [at, number] of [3, 1, 2].entries())
      await part(UploadId, number, pieces[at] as Uint8Array)
    const first = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 3],
      [2, 3],
    ])
    const PartNumberMarker = first.NextPartNumberMarker
    const rest = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker }))
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3, Size: 5 }] })
    expect(await textIn(Key)).toBe('before')
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(Uploads?.map(({ UploadId }) => UploadId)).toEqual([UploadId, other])
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    const gone = s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))
    await expect(gone).rejects.toEqual(named('NoSuchUpload'))
  })

  it('are put together in order, with an etag of parts', async () => {
    const UploadId = await begin({ Metadata: { a: 'b' }, ContentType: 'text/x' })
    const pieces = [noise(MIB5), noise(1000)]
    const parts: object[] = []
    for (const [at, piece] of pieces.entries())
      parts.push({ PartNumber: at + 1, ETag: (await part(UploadId, at + 1, piece)).ETag })
    await expect(complete(UploadId, parts.toReversed())).rejects.toEqual(named('InvalidPartOrder'))
    const wrong = [parts[0] as object, { PartNumber: 2, ETag: '"other"' }]
    await expect(complete(UploadId, wrong)).rejects.toEqual(named('InvalidPart'))
    const missing = [...parts, { PartNumber: 3, ETag: '"other"' }]
    await expect(complete(UploadId, missing)).rejects.toEqual(named('InvalidPart'))
    await expect(complete(UploadId, [])).rejects.toEqual(named('MalformedXML'))
    const { ETag } = await complete(UploadId, parts)
    const digests = pieces.map((piece) => createHash('md5').update(piece).digest())
    const digest = createHash('md5').update(Buffer.concat(digests)).digest('hex')
    expect(ETag).toBe(`"${digest}-2"`)
    const got = await get(Key)
    expect(got).toMatchObject({ ETag, Metadata: { a: 'b' }, ContentType: 'text/x' })
    expect(Buffer.concat(pieces).equals(got.bytes)).toBe(true)
    await expect(complete(UploadId, parts)).rejects.toEqual(named('NoSuchUpload'))
  })

  it('want a number from 1 to 10000, and take small parts, as S3 does not', async () => {
    const UploadId = await begin()
    const parts: object[] = []
    for (const PartNumber of [1, 10_000])
      parts.push({ PartNumber, ETag: (await part(UploadId, PartNumber, noise(10))).ETag })
    for (const PartNumber of [0, 10_001])
      await expect(part(UploadId, PartNumber, noise(1))).rejects.toEqual(named('InvalidArgument'))
    await complete(UploadId, parts)
    expect((await get(Key)).bytes).toHaveLength(20)
  })

  it('copy parts, whole and by their range', async () => {
    await put('source', '0123456789')
    const UploadId = await begin()
    const source = { ...{ Bucket, Key, UploadId, PartNumber: 1 }, CopySource: `${Bucket}/source` }
    const copied = await s3.send(
      new UploadPartCopyCommand({ ...source, CopySourceRange: 'bytes=2-4' }),
    )
    const ETag = copied.CopyPartResult?.ETag
    await complete(UploadId, [{ PartNumber: 1, ETag }])
    expect(await textIn(Key)).toBe('234')
  })

  it.each([
    ...ALGORITHMS.map((name) => [name, name === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE']),
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT'],
  ] as [ChecksumAlgorithm, 'COMPOSITE' | 'FULL_OBJECT'][])(
    'have the checksum %s, %s',
    async (ChecksumAlgorithm, ChecksumType) => {
      const field = `Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32'
      const UploadId = await begin({ ChecksumAlgorithm, ChecksumType })
      const [one, two] = [noise(MIB5), noise(100)]
      const sent = [
        await part(UploadId, 1, one, { ChecksumAlgorithm }),
        await part(UploadId, 2, two, { ChecksumAlgorithm }),
      ]
      const parts = sent.map((it, at) => ({
        ...{ PartNumber: at + 1, ETag: it.ETag, [field]: it[field] },
      }))
      const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))
      expect(Parts?.map((it) => it[field])).toEqual(sent.map((it) => it[field]))
      const wrong = [{ ...parts[0], [field]: sent[1]?.[field] }, parts[1] as object]
      await expect(complete(UploadId, wrong)).rejects.toEqual(named('InvalidPart'))
      const completed = await complete(UploadId, parts)
      expect(completed.ChecksumType).toBe(ChecksumType)
      // Of one part, the client says what the whole has.
      await put('whole', Buffer.concat([one, two]), { ChecksumAlgorithm })
      const whole = await s3.send(
        new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }),
      )
      if (ChecksumType === 'FULL_OBJECT') expect(completed[field]).toBe(whole[field])
      else expect(completed[field]).toMatch(/-2$/)
      expect(completed[field]).not.toBeUndefined()
      const got = await get(Key, { ChecksumMode: 'ENABLED' })
      expect([got[field], got.bytes.length]).toEqual([completed[field], MIB5 + 100])
    },
  )

  it('are held to what a completion states of the object', async () => {
    for (const [more, isRight] of [
      [{ MpuObjectSize: 4 }, true],
      [{ MpuObjectSize: 5 }, false],
      [{ ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' }, false],
    ] as const) {
      const asked = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }
      const UploadId = await begin(asked)
      const { ETag } = await part(UploadId, 1, Buffer.from('text'))
      const completed = complete(UploadId, [{ PartNumber: 1, ETag }], more)
      if (isRight) await completed
      else await expect(completed).rejects.toEqual(named('BadDigest'))
    }
  })
})

describe('its objects', () => {
  it.each(ALGORITHMS)(
    'give back the checksum %s that came with them',
    async (ChecksumAlgorithm) => {
      const field = `Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32'
      const sent = await put('key', 'text', { ChecksumAlgorithm })
      expect(sent).toMatchObject({ ChecksumType: 'FULL_OBJECT', [field]: expect.any(String) })
      const of = { Bucket, Key: 'key' }
      const head = await s3.send(new HeadObjectCommand({ ...of, ChecksumMode: 'ENABLED' }))
      expect(head[field]).toBe(sent[field])
      expect((await s3.send(new HeadObjectCommand(of)))[field]).toBeUndefined()
      const { CopyObjectResult } = await s3.send(
        new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/key` }),
      )
      expect(CopyObjectResult?.[field]).toBe(sent[field])
    },
  )

  it('are copied, with their headers or with others', async () => {
    await put('a b/ü+&', 'text', { Metadata: { a: 'b' }, ContentType: 'text/x' })
    const CopySource = `${encodeURI(`${Bucket}/a b/ü`)}%2B%26`
    const copy = (more: object) =>
      s3.send(new CopyObjectCommand({ ...{ Bucket: 'other', Key: 'copy', CopySource }, ...more }))
    const { CopyObjectResult } = await copy({})
    const of = { Bucket: 'other' }
    expect(await get('copy', of)).toMatchObject({
      ...{ ETag: CopyObjectResult?.ETag, Metadata: { a: 'b' }, ContentType: 'text/x' },
    })
    await copy({ MetadataDirective: 'REPLACE', Metadata: { c: 'd' } })
    expect((await get('copy', of)).Metadata).toEqual({ c: 'd' })
    for (const more of [{ CopySourceIfMatch: '"other"' }, { CopySourceIfNoneMatch: '*' }])
      await expect(copy(more)).rejects.toEqual(named('PreconditionFailed'))
    const none = { CopySource: `${Bucket}/none` }
    await expect(copy(none)).rejects.toEqual(named('NoSuchKey'))
    await expect(copy({ CopySource: 'none/none' })).rejects.toEqual(named('NoSuchBucket'))
  })

  it('have the tags that they are put with, and their copies have them', async () => {
    await put('key', 'text', { Tagging: 'a=b&c=%26' })
    const CopySource = `${Bucket}/key`
    const copy = (Key: string, more: object) =>
      s3.send(new CopyObjectCommand({ ...{ Bucket, Key, CopySource }, ...more }))
    await copy('copy', { MetadataDirective: 'REPLACE' })
    await copy('other', { TaggingDirective: 'REPLACE', Tagging: 'e=f' })
    await copy('none', { TaggingDirective: 'REPLACE' })
    const [own, others] = [
      [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: '&' },
      ],
      [{ Key: 'e', Value: 'f' }],
    ]
    for (const [Key, tags] of Object.entries({ key: own, copy: own, other: others, none: [] })) {
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))
      expect(TagSet).toEqual(tags)
      expect((await get(Key)).TagCount ?? 0).toBe(tags?.length)
    }
  })

  it('are written under conditions', async () => {
    const { ETag } = await put('key', 'one', { IfNoneMatch: '*' })
    await expect(put('key', 'two', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    })
    await expect(put('key', 'two', { IfMatch: '"other"' })).rejects.toEqual(
      named('PreconditionFailed'),
    )
    await expect(put('none', 'two', { IfMatch: ETag })).rejects.toEqual(named('NoSuchKey'))
    await put('key', 'two', { IfMatch: ETag })
    const IfMatch = ETag
    const deleted = s3.send(new DeleteObjectCommand({ Bucket, Key: 'key', IfMatch }))
    await expect(deleted).rejects.toEqual(named('PreconditionFailed'))
    expect(await textIn('key')).toBe('two')
  })

  it('are read under conditions', async () => {
    const { ETag } = await put('key', 'text')
    const { LastModified = new Date() } = await get('key')
    const earlier = new Date(Number(LastModified) - 1000)
    for (const more of [
      { IfMatch: ETag },
      { IfNoneMatch: '"other"' },
      { IfModifiedSince: earlier },
      { IfUnmodifiedSince: LastModified },
      // What is said of the etag goes before the date.
      { IfMatch: ETag, IfUnmodifiedSince: earlier },
      { IfNoneMatch: '"other"', IfModifiedSince: LastModified },
    ])
      expect(await textIn('key', more)).toBe('text')
    for (const more of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: earlier }])
      await expect(get('key', more)).rejects.toEqual(named('PreconditionFailed'))
    for (const more of [{ IfNoneMatch: ETag }, { IfModifiedSince: LastModified }])
      await expect(get('key', more)).rejects.toMatchObject({
        $metadata: { httpStatusCode: 304 },
      })
  })

  it('are read by ranges', async () => {
    await put('key', '0123456789')
    for (const [Range, bytes, ContentRange] of [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=7-100', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=-30', '0123456789', 'bytes 0-9/10'],
    ]) {
      const got = await get('key', { Range, ChecksumMode: 'ENABLED' })
      expect([Buffer.from(got.bytes).toString(), got.ContentRange]).toEqual([bytes, ContentRange])
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'key', Range }))
      expect(head).toMatchObject({ ContentLength: bytes?.length, ContentRange })
    }
    for (const Range of ['bytes=10-', 'bytes=4-2'])
      await expect(get('key', { Range })).rejects.toEqual(named('InvalidRange'))
    expect(await textIn('key', { Range: 'items=1-2' })).toBe('0123456789')
  })

  it('are read part by part, as they were put', async () => {
    const of = { Bucket, Key: 'parts' }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(of))
    const Parts: object[] = []
    for (const [at, Body] of ['one', 'three'].entries()) {
      const part = { ...of, UploadId, PartNumber: at + 1, Body }
      Parts.push({ PartNumber: at + 1, ETag: (await s3.send(new UploadPartCommand(part))).ETag })
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload: { Parts } }),
    )
    await put('whole', 'text')
    for (const [Key, PartNumber, bytes, ContentRange, PartsCount] of [
      ['parts', 1, 'one', 'bytes 0-2/8', 2],
      ['parts', 2, 'three', 'bytes 3-7/8', 2],
      ['whole', 1, 'text', 'bytes 0-3/4', undefined],
    ] as const) {
      const got = await get(Key, { PartNumber })
      expect(got).toMatchObject({ ContentRange })
      expect([Buffer.from(got.bytes).toString(), got.PartsCount]).toEqual([bytes, PartsCount])
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber }))
      expect(head).toMatchObject({ ContentLength: bytes.length, ContentRange })
    }
  })

  it('are answered with the headers that the query asks for', async () => {
    await put('key', 'text')
    const more = { ResponseContentType: 'text/y', ResponseContentDisposition: 'attachment' }
    expect(await get('key', more)).toMatchObject({
      ...{ ContentType: 'text/y', ContentDisposition: 'attachment' },
    })
  })

  it('have an ETag in that spelling, and XML with the entities of S3', async () => {
    await put('a"<&>\'', 'text')
    const raw = await new Promise<string[]>((resolve) => {
      const path = `/bucket/${encodeURIComponent('a"<&>')}%27`
      const options = { service: 's3', region, credentials: server.credentials }
      void sign({ url: server.url + path }, options).then(({ headers }) =>
        httpRequest(server.url + path, { headers }, (answer) => {
          answer.resume()
          resolve(answer.rawHeaders)
        }).end(),
      )
    })
    expect(raw).toContain('ETag')
    const listed = await (await fetchSigned('/bucket')).text()
    expect(listed).toContain('<Key>a&quot;&lt;&amp;&gt;&#39;</Key>')
    expect(listed).toMatch(/<ETag>&quot;[\da-f]{32}&quot;<\/ETag>/)
  })

  it('are not those of a bucket that is not there', async () => {
    await expect(get('key', { Bucket: 'none' })).rejects.toEqual(named('NoSuchBucket'))
    await expect(get('none')).rejects.toEqual(named('NoSuchKey'))
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    })
  })

  it('are in a bucket of a host’s name, too', async () => {
    const path = '/a%20key'
    const host = `bucket.localhost:${server.port}`
    const ask = async (method: string, body = '') => {
      const url = `http://${host}${path}`
      const options = { service: 's3', region, credentials: server.credentials }
      const signed = await sign({ method, url, headers: { host }, body }, options)
      const request = httpRequest(server.url + path, { method, headers: signed.headers })
      return new Promise<string>((resolve) => {
        request.once('response', (answer) => resolve(text(answer))).end(body)
      })
    }
    await ask('PUT', 'text')
    expect(await ask('GET')).toBe('text')
    expect(await textIn('a key')).toBe('text')
  })
})

describe('its listings', () => {
  const KEYS = ['a', 'b/1', 'b/2', 'c/1', 'd', 'ä', '\u{1f600}', '\uff5e']
  beforeEach(async () => {
    for (const key of KEYS) await put(key)
  })

  it('go on from page to page, in the order of bytes', async () => {
    const keys: unknown[] = []
    const config = { client: s3, pageSize: 3 }
    for await (const page of paginateListObjectsV2(config, { Bucket }))
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
    expect(keys).toEqual(['a', 'b/1', 'b/2', 'c/1', 'd', 'ä', '\uff5e', '\u{1f600}'])
  })

  it.each([1, 2, 3])(
    'fold what has a delimiter, %i at a time, in both versions',
    async (MaxKeys) => {
      const entries = ['a', 'b/', 'c/', 'd', 'ä', '\uff5e', '\u{1f600}']
      const asked = { Bucket, MaxKeys, Delimiter: '/' }
      const inOrder = (page: Pick<ListObjectsCommandOutput, 'CommonPrefixes' | 'Contents'>) =>
        [...(page.CommonPrefixes ?? []), ...(page.Contents ?? [])].map((it) =>
          'Prefix' in it ? it.Prefix : 'Key' in it && it.Key,
        )
      const [second, first]: unknown[][] = [[], []]
      let token: string | undefined
      do {
        const page = await s3.send(new ListObjectsV2Command({ ...asked, ContinuationToken: token }))
        second?.push(...inOrder(page))
        token = page.NextContinuationToken
        expect(page.IsTruncated).toBe(token !== undefined)
      } while (token)
      let marker: string | undefined
      do {
        const page = await s3.send(
          new ListObjectsCommand({ ...asked, Marker: marker, EncodingType: 'url' }),
        )
        first?.push(...inOrder(page))
        marker = page.NextMarker && decodeURIComponent(page.NextMarker)
      } while (marker)
      expect(second?.sort()).toEqual(entries.sort())
      expect(first?.map((it) => decodeURIComponent(`${it}`)).sort()).toEqual(entries.sort())
    },
  )

  it('begin with a prefix, or after a key', async () => {
    const list = async (more: object) =>
      (await s3.send(new ListObjectsV2Command({ Bucket, ...more }))).Contents?.map((it) => it.Key)
    expect(await list({ Prefix: 'b/' })).toEqual(['b/1', 'b/2'])
    expect(await list({ StartAfter: 'b/1', MaxKeys: 2 })).toEqual(['b/2', 'c/1'])
    expect(await list({ MaxKeys: 0 })).toBeUndefined()
  })

  it('are emptied by one call, and then the bucket can be deleted', async () => {
    const full = s3.send(new DeleteBucketCommand({ Bucket }))
    await expect(full).rejects.toEqual(named('BucketNotEmpty'))
    const [first = '', ...rest] = KEYS
    const remove = (keys: string[], Quiet?: boolean) =>
      s3.send(
        new DeleteObjectsCommand({
          Bucket,
          Delete: { Quiet, Objects: keys.map((Key) => ({ Key })) },
        }),
      )
    expect((await remove([first, 'none'])).Deleted).toEqual([{ Key: first }, { Key: 'none' }])
    expect((await remove(rest, true)).Deleted).toBeUndefined()
    await s3.send(new DeleteBucketCommand({ Bucket }))
    await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toEqual(
      named('NoSuchBucket'),
    )
  })
})

describe('its forms', () => {
  const post = async (
    fields: Record<string, string>,
    file: string | null = 'text',
    change = {},
  ) => {
    const { credentials } = server
    const key = `a b/$${'{filename}'}`
    const made = await createPostPolicy({
      bucket: Bucket,
      key,
      region,
      credentials,
      fields,
    } as never)
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...made.fields, ...change }))
      form.set(name, `${value}`)
    if (file !== null) form.set('file', new Blob([file]), 'ü.txt')
    const init = { method: 'POST', body: form, redirect: 'manual' } as const
    const answer = await fetch(`${server.url}/${Bucket}`, init)
    return { status: answer.status, headers: answer.headers, body: await answer.text() }
  }

  it('are stored, and answered as they ask', async () => {
    const plain = await post({ 'content-type': 'text/x', 'x-amz-meta-a': 'b' })
    expect([plain.status, plain.body]).toEqual([204, ''])
    const got = await get('a b/ü.txt')
    expect(got).toMatchObject({ ContentType: 'text/x', Metadata: { a: 'b' } })
    expect(Buffer.from(got.bytes).toString()).toBe('text')
    const { result, operation, service } = server.verdicts[1] ?? {}
    expect([service, operation]).toEqual(['s3', 'PostObject'])
    expect(result).toMatchObject({ ok: true, accessKeyId: 'AKIDEXAMPLE', payload: 'unsigned' })
    const told = await post({ success_action_status: '201' })
    expect(told.status).toBe(201)
    expect(told.body).toContain('<Key>a b/ü.txt</Key>')
    expect(told.headers.get('etag')).toBe(got.ETag)
    const sent = await post({ success_action_redirect: 'https://page.example/done?a=b' })
    const { searchParams, host } = new URL(sent.headers.get('location') ?? '')
    expect([sent.status, host, searchParams.get('a'), searchParams.get('key')]).toEqual([
      ...[303, 'page.example', 'b', 'a b/ü.txt'],
    ])
  })

  it.each<[string, object | undefined, number, string]>([
    ['another field', { 'x-amz-meta-c': 'd' }, 403, 'AccessDenied'],
    ['another signature', { 'x-amz-signature': '0'.repeat(64) }, 403, 'SignatureDoesNotMatch'],
    ['no key', { key: '' }, 400, 'InvalidArgument'],
    ['another checksum', { 'x-ignore-a': 'b' }, 204, ''],
  ])('are refused with %s', async (_, change, status, code) => {
    const answer = await post({}, 'text', change)
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(code)])
    expect(server.lastVerdict?.result.ok).toBe(status === 204)
  })

  it('are refused without a file, and where they are none', async () => {
    expect((await post({}, null)).status).toBe(400)
    const headers = { 'content-type': 'multipart/form-data; boundary=a' }
    const init = { method: 'POST', headers, body: 'no form' }
    const answer = await fetch(`${server.url}/${Bucket}`, init)
    expect([answer.status, await answer.text()]).toEqual([
      ...[400, expect.stringContaining('MalformedPOSTRequest')],
    ])
    expect(server.verdicts.filter(({ result }) => !result.ok)).toHaveLength(2)
  })

  it('are held to the checksum that they state', async () => {
    const right = createHash('sha256').update('text').digest('base64')
    const name = 'x-amz-checksum-sha256'
    expect((await post({ [name]: right })).status).toBe(204)
    const wrong = await post({ [name]: createHash('sha256').update('other').digest('base64') })
    expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('BadDigest')])
  })
})

describe('its CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/bucket/key`, {
      method: 'OPTIONS',
      headers: {
        ...{ origin, 'access-control-request-method': 'PUT' },
        'access-control-request-headers': 'authorization,x-amz-date',
      },
    })

  it('lets pages of its origins ask and read', async () => {
    const before = server.verdicts.length
    const answer = await preflight('http://page.example')
    expect([answer.status, server.verdicts.length]).toEqual([200, before])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': 'http://page.example',
      'access-control-allow-headers': 'authorization,x-amz-date',
      'access-control-allow-methods': expect.stringContaining('PUT'),
    })
    const origin = { origin: 'http://page.example' }
    const put = await fetchSigned('/bucket/key', { method: 'PUT', body: 'a', headers: origin })
    expect(put.headers.get('access-control-allow-origin')).toBe('http://page.example')
    expect(put.headers.get('access-control-expose-headers')).toMatch(/date.*ETag/)
    // A refusal is one that its page can read, too.
    const refused = await fetch(`${server.url}/bucket/key`, { headers: origin })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      ...[403, 'http://page.example'],
    ])
  })

  it('lets no other', async () => {
    const answer = await preflight('http://other.example')
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null])
    expect(await answer.text()).toContain('AccessForbidden')
  })
})
