import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { Sha512 } from '@aws-sdk/checksums/sha'
import { Xxh3_64, Xxh3_128, Xxh64 } from '@aws-sdk/checksums/xxh'
import {
  ChecksumAlgorithm,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { awsError, createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { isBodyFault, type ReadBodyOptions, readBody } from 'countersign/s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checksums } from '../../src/testing/s3/checksums.ts'
import { credentials, noise } from '../s3/support.ts'
import { listen, shut } from '../support/loopback.ts'

/** How the body was spoken of, and what of it arrived. */
interface Arrived {
  readonly word: string | undefined
  readonly bytes: Buffer
}

let options: ReadBodyOptions = {}
let onTheWay = (bytes: Buffer): Buffer => bytes
let arrived: Arrived[] = []

const verifier = createVerifier({
  ...{ service: 's3', payload: 'deferred', credentials: () => credentials },
})

async function store(request: IncomingMessage): Promise<void> {
  const { headers } = request
  const result = await verifier.verify(receivedFrom(request))
  if (!result.ok) throw new Error(result.message)
  const wire = onTheWay(await buffer(request))
  const bytes = await buffer(readBody(wire, result, { headers, ...options }))
  arrived.push({ word: headers['x-amz-content-sha256'] as string, bytes })
}

const server = createServer(async (request, response) => {
  try {
    await store(request)
    response.setHeader('etag', '"etag"').end()
  } catch (error) {
    if (!isBodyFault(error)) return response.destroy()
    const { status, headers, body } = awsError(error, 's3')
    response.writeHead(status, headers).end(body)
  }
})

let s3: S3Client
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await listen(server)}`
  s3 = new S3Client({
    endpoint,
    region: 'eu-west-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    checksumAlgorithms: { SHA512: Sha512, XXHASH3: Xxh3_64, XXHASH64: Xxh64, XXHASH128: Xxh3_128 },
  })
})
afterEach(() => {
  arrived = []
  options = {}
  onTheWay = (bytes) => bytes
})
afterAll(() => shut(server))

const body = Buffer.from(noise(100_000))
const place = { Bucket: 'bucket', Key: 'a key' }

const put = (Body: Buffer | Readable, more: object = {}) =>
  s3.send(new PutObjectCommand({ ...place, Body, ContentLength: body.length, ...more }))

describe("the AWS SDK's own uploads, read by readBody", () => {
  it('by default: bytes, with a checksum in the header', async () => {
    await put(body)
    expect(arrived).toEqual([{ word: expect.stringMatching(/^[\da-f]{64}$/), bytes: body }])
  })

  it('by default: a stream, with a trailing checksum', async () => {
    await put(Readable.from([body]))
    expect(arrived).toEqual([{ word: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', bytes: body }])
  })

  it('a part of an upload', async () => {
    const part = { ...place, UploadId: 'id', PartNumber: 1, Body: body }
    await s3.send(new UploadPartCommand(part))
    expect(arrived).toEqual([{ word: expect.stringMatching(/^[\da-f]{64}$/), bytes: body }])
  })

  const names = Object.values(ChecksumAlgorithm)

  it('knows of no other checksums than these', () => {
    expect(names.map((name) => name.toLowerCase()).sort()).toEqual(
      ['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1', 'sha256', ...Object.keys(checksums)].sort(),
    )
  })

  it.each(names)('%s, in the header and in the trailer, right and wrong', async (name) => {
    options = { checksums }
    const algorithm = { ChecksumAlgorithm: name }
    await put(body, algorithm)
    await put(Readable.from([body]), algorithm)
    expect(arrived.map(({ bytes }) => bytes.equals(body))).toEqual([true, true])
    onTheWay = (bytes) => bytes.fill(bytes[500] === 1 ? 2 : 1, 500, 501)
    await expect(put(Readable.from([body]), algorithm)).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(put(body, algorithm)).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
  })

  it('says what is wrong with one that is cut, too long, or has a checksum that nobody knows', async () => {
    onTheWay = (bytes) => bytes.subarray(0, -10)
    await expect(put(Readable.from([body]))).rejects.toMatchObject({ name: 'IncompleteBody' })
    options = { maxLength: 10 }
    await expect(put(body)).rejects.toMatchObject({ name: 'EntityTooLarge' })
    options = {}
    await expect(put(body, { ChecksumAlgorithm: 'SHA512' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    })
  })
})
