import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { presign, type SigningRequest, sign } from 'countersign'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keys } from '../examples/keys.ts'
import { type S3ServerOptions, s3Server } from '../examples/s3-server.ts'
import { type Place, startProxy } from './real/tampering.ts'
import { noise } from './s3/support.ts'
import { exampleKey } from './support/example-key.ts'
import { listen, shut } from './support/loopback.ts'

const REGION = 'eu-west-1'
const BODY = Buffer.from(noise(100_000))

let directory: string
let server: ReturnType<typeof s3Server>
let port: number
/** The names that the server knows itself by; a proxy before it has one of its own. */
let hosts: string[]
let s3: S3Client
let place: { Bucket: string; Key: string }

const clientOf = (endpoint: string, more: S3ClientConfig = {}): S3Client =>
  new S3Client({
    ...{ endpoint, region: REGION, credentials: exampleKey, forcePathStyle: true, maxAttempts: 1 },
    ...more,
  })

async function start(options: Partial<S3ServerOptions> = {}): Promise<void> {
  if (server?.listening) await shut(server)
  hosts = []
  const credentials = (id: string) => keys.get(id)
  server = s3Server({ directory, hosts, region: REGION, credentials, ...options })
  port = await listen(server)
  hosts.push(`127.0.0.1:${port}`)
  s3 = clientOf(`http://127.0.0.1:${port}`)
}

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'countersign-s3-server-')), 'objects')
  place = { Bucket: 'bucket', Key: 'a b/ü+~(1).txt' }
  await start()
})
afterEach(async () => {
  await shut(server)
  rmSync(join(directory, '..'), { recursive: true })
})

const put = (Body: Buffer | Readable | string = BODY, more: object = {}, client = s3) => {
  const ContentLength = Body instanceof Readable ? BODY.length : undefined
  return client.send(
    new PutObjectCommand({ ...place, Body, ...(ContentLength && { ContentLength }), ...more }),
  )
}

const get = async (more: object = {}) => {
  const answer = await s3.send(new GetObjectCommand({ ...place, ...more }))
  return { ...answer, bytes: await buffer(answer.Body as Readable) }
}

const signed = async (request: SigningRequest, secretAccessKey = exampleKey.secretAccessKey) => {
  const credentials = { ...exampleKey, secretAccessKey }
  const options = { service: 's3', region: REGION, credentials, dotSegments: 'literal' as const }
  return sign({ ...request, url: `http://127.0.0.1:${port}${request.url}` }, options)
}

/** What is answered to a request whose path no client would send so. */
const rawAnswer = async (method: string, path: string, headers: Record<string, string>) => {
  const socket = connect(port, '127.0.0.1')
  const fields = Object.entries({ ...headers, connection: 'close' })
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`)
  return String(await buffer(socket))
}

describe('examples/s3-server.ts keeps what the AWS SDK sends', () => {
  it.each([undefined, 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])(
    'with the checksum %s, bytes and a stream',
    async (name) => {
      const algorithm = name ? { ChecksumAlgorithm: name as ChecksumAlgorithm } : {}
      for (const Body of [BODY, Readable.from([BODY])]) {
        const { ETag } = await put(Body, algorithm)
        const got = await get()
        expect(got.bytes.equals(BODY)).toBe(true)
        expect([got.ETag, got.ContentLength]).toEqual([ETag, BODY.length])
        await s3.send(new DeleteObjectCommand(place))
        expect(readdirSync(directory)).toEqual([])
      }
    },
  )

  it('and answers HEAD, ranges and conditions', async () => {
    const { ETag } = await put()
    const head = await s3.send(new HeadObjectCommand(place))
    expect(head).toMatchObject({ ETag, ContentLength: BODY.length })
    expect(head.ContentType).toMatch('text/plain')
    expect(Math.abs(Number(head.LastModified) - Date.now())).toBeLessThan(60_000)
    const part = await get({ Range: 'bytes=10-19' })
    expect(part.bytes.equals(BODY.subarray(10, 20))).toBe(true)
    expect(part.ContentRange).toBe(`bytes 10-19/${BODY.length}`)
    await expect(get({ Range: 'bytes=100000-' })).rejects.toMatchObject({ name: 'InvalidRange' })
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    const again = await put()
    expect(again.ETag).not.toBe(ETag)
  })

  it('and by presigned URLs', async () => {
    const url = `http://127.0.0.1:${port}/bucket/presigned`
    const options = { service: 's3', region: REGION, credentials: exampleKey }
    const upload = await presign({ method: 'PUT', url }, options)
    expect((await fetch(upload.url, { method: 'PUT', body: 'text' })).status).toBe(200)
    const download = await presign({ url }, options)
    expect(await (await fetch(download.url)).text()).toBe('text')
  })

  it('but not where a bucket stands in the host, as two would be one', async () => {
    await put()
    const host = `two.localhost:${port}`
    const url = `http://${host}/bucket/${encodeURIComponent(place.Key)}`
    const options = { service: 's3', region: REGION, credentials: exampleKey }
    const { headers } = await sign({ url, headers: { host } }, options)
    expect(await rawAnswer('GET', new URL(url).pathname, headers)).toMatch(
      /^HTTP\/1\.1 403 .*<Code>SignatureDoesNotMatch/s,
    )
  })

  it('as one file for each key, whatever it is', async () => {
    const names = [
      'a/b',
      'a%2Fb',
      'a//b',
      'a/b/',
      'a\\b',
      'a?b#c',
      '..a',
      '%2e%2e',
      'é',
      'A/b',
      '*:|',
    ]
    for (const Key of names) {
      place = { Bucket: 'bucket', Key }
      await put(Key)
    }
    expect(readdirSync(directory)).toHaveLength(names.length)
    for (const file of readdirSync(directory)) {
      expect(file).toMatch(/^%2Fbucket%2F[\w.~%-]+$/)
      const key = decodeURIComponent(file).slice('/bucket/'.length)
      expect(readFileSync(join(directory, file), 'utf8')).toBe(key)
    }
    for (const Key of names) {
      place = { Bucket: 'bucket', Key }
      expect((await get()).bytes.toString()).toBe(Key)
    }
  })
})

describe('examples/s3-server.ts refuses in the words of S3', () => {
  it('an object that is not there, but not to delete it', async () => {
    await expect(get()).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    })
    await expect(s3.send(new HeadObjectCommand(place))).rejects.toMatchObject({ name: 'NotFound' })
    const { $metadata } = await s3.send(new DeleteObjectCommand(place))
    expect($metadata.httpStatusCode).toBe(204)
  })

  it('a key that is too long for a file', async () => {
    place = { Bucket: 'bucket', Key: 'k'.repeat(300) }
    await expect(put()).rejects.toMatchObject({ name: 'KeyTooLongError' })
    expect(readdirSync(directory)).toEqual([])
  })

  it.each([
    ['the bucket', () => new CreateBucketCommand({ Bucket: 'bucket' })],
    ['a sub-resource', () => new GetObjectAclCommand(place)],
    ['an upload in parts', () => new CreateMultipartUploadCommand(place)],
    ['a copy', () => new CopyObjectCommand({ ...place, CopySource: 'bucket/other' })],
    ['a condition', () => new PutObjectCommand({ ...place, Body: 'text', IfNoneMatch: '*' })],
  ])('what it does not know, and does not take it for an object: %s', async (_, command) => {
    await expect(s3.send(command() as PutObjectCommand)).rejects.toMatchObject({
      name: 'NotImplemented',
    })
    expect(readdirSync(directory)).toEqual([])
  })

  it('another key, another region, a path out of the directory', async () => {
    writeFileSync(join(directory, '..', 'outside'), 'outside')
    const other = { credentials: { ...exampleKey, secretAccessKey: 'other' } }
    const url = `http://127.0.0.1:${port}`
    const refused = (client: S3Client) => expect(put('text', {}, client)).rejects
    await refused(clientOf(url, other)).toMatchObject({ name: 'SignatureDoesNotMatch' })
    await refused(clientOf(url, { region: 'us-west-2' })).toMatchObject({
      name: 'AuthorizationHeaderMalformed',
    })
    for (const path of [
      '/bucket/../outside',
      '/bucket/%2e%2e/outside',
      '/../outside',
      '/%2e%2e%2foutside',
    ]) {
      const { headers, method } = await signed({ url: path })
      const answer = await rawAnswer(method, path, { host: `127.0.0.1:${port}`, ...headers })
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(answer).toContain('<Error>')
    }
  })
})

describe('examples/s3-server.ts keeps nothing of a body that does not hold', () => {
  const files = () => readdirSync(directory)

  const by = async (alteration: Place, Body: Buffer | Readable) => {
    const proxy = await startProxy(port, alteration)
    hosts.push(new URL(proxy.url).host)
    try {
      await put(Body, {}, clientOf(proxy.url))
    } finally {
      proxy.close()
    }
  }

  it.each<[string, string, () => Promise<unknown>]>([
    ['another checksum', 'BadDigest', () => put('text', { ChecksumCRC32: 'AAAAAA==' })],
    ['a byte that is altered', 'XAmzContentSHA256Mismatch', () => by('body', BODY)],
    ['one of a stream', 'BadDigest', () => by('body', Readable.from([BODY]))],
    ['a trailer that is altered', 'BadDigest', () => by('trailer', Readable.from([BODY]))],
  ])('%s: %s', async (_, name, upload) => {
    await expect(upload()).rejects.toMatchObject({ name })
    expect(files()).toEqual([])
    // What was there before stays.
    await put('before')
    const kept = files()
    await expect(upload()).rejects.toMatchObject({ name })
    expect(files()).toEqual(kept)
    expect((await get()).bytes.toString()).toBe('before')
  })

  it('one that is too large', async () => {
    await start({ maxLength: BODY.length - 1 })
    await expect(put()).rejects.toMatchObject({ name: 'EntityTooLarge' })
    expect(files()).toEqual([])
    await start({ maxLength: BODY.length })
    await put()
    expect(files()).toHaveLength(1)
  })

  it('one that is cut', async () => {
    await expect(by('end', BODY)).rejects.toThrow()
    await vi.waitFor(() => expect(files()).toEqual([]))
  })

  it('one whose sender goes away', async () => {
    const { headers } = await signed({ method: 'PUT', url: '/bucket/key', body: 'text' })
    const socket = connect(port, '127.0.0.1')
    const fields = { ...headers, host: `127.0.0.1:${port}`, 'content-length': '4' }
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`PUT /bucket/key HTTP/1.1\r\n${head.join('')}\r\nte`)
    await vi.waitFor(() => expect(files()).toHaveLength(1))
    socket.destroy()
    await vi.waitFor(() => expect(files()).toEqual([]))
  })
})

it('examples/s3-server.ts runs when it is started', async () => {
  await shut(server)
  const tsx = ['node_modules/tsx/dist/cli.mjs', 'examples/s3-server.ts', directory, `${port}`]
  const started = spawn(process.execPath, tsx, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(started.stdout, 'data')
    const [url = ''] = /http:\S+/.exec(String(line)) ?? []
    await put('text', {}, clientOf(url))
    expect(readdirSync(directory).map(decodeURIComponent)).toEqual([`/bucket/${place.Key}`])
  } finally {
    started.kill()
  }
})
