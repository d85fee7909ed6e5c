import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type ChecksumAlgorithm, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Verified } from 'countersign'
import { createVerifyingServer, type Verdict, type VerifyingServer } from 'countersign/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decode, noise } from '../s3/support.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { run, useHome } from './command.ts'
import { describeWithPart, type Part, requirePart } from './parts.ts'
import { type Place, startProxy } from './tampering.ts'

const SIZE = 100_000
const REGION = 'eu-west-1'

/** Where an upload goes, and what it holds. */
interface At {
  readonly url: string
  readonly certificate: Certificate
  readonly file: string
  readonly credentials: VerifyingServer['credentials']
}

/** A client that uploads with a checksum; it rejects where the server refuses. */
interface Uploader {
  readonly name: string
  readonly needs: readonly Part[]
  readonly algorithms: readonly string[]
  /** The schemes over which it sends the checksum after the body, in a trailer. */
  readonly trailing: readonly string[]
  upload(at: At, algorithm: string): Promise<unknown>
}

const ALL = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']

const sdk =
  (body: () => Readable | Uint8Array): Uploader['upload'] =>
  ({ url, certificate, credentials }, algorithm) => {
    const client = new S3Client({
      ...{ endpoint: url, region: REGION, credentials, forcePathStyle: true, maxAttempts: 1 },
      requestHandler: { httpsAgent: new Agent({ ca: certificate.cert }) },
    })
    return client.send(
      new PutObjectCommand({
        ...{ Bucket: 'bucket', Key: 'key', Body: body(), ContentLength: SIZE },
        ChecksumAlgorithm: algorithm as ChecksumAlgorithm,
      }),
    )
  }

const byCommand =
  (part: Part, argsOf: (at: At, algorithm: string) => readonly string[]): Uploader['upload'] =>
  (at, algorithm) =>
    run(
      requirePart(part),
      argsOf(at, algorithm),
      { credentials: at.credentials, region: REGION },
      { AWS_CA_BUNDLE: at.certificate.file },
    )

const UPLOADERS: readonly Uploader[] = [
  {
    name: '@aws-sdk/client-s3, a stream',
    ...{ needs: ['openssl'], algorithms: ALL, trailing: ['http', 'https'] },
    upload: sdk(() => Readable.from([noise(SIZE)])),
  },
  {
    name: '@aws-sdk/client-s3, bytes',
    ...{ needs: ['openssl'], algorithms: ALL, trailing: [] },
    upload: sdk(() => noise(SIZE)),
  },
  {
    name: 'boto3',
    ...{ needs: ['boto3', 'openssl'], trailing: ['https'] },
    algorithms: ['CRC32', 'CRC32C', 'SHA1', 'SHA256'],
    upload: byCommand('boto3', ({ url, file }, algorithm) => [
      '-c',
      [
        'import boto3',
        `s3 = boto3.client('s3', endpoint_url='${url}')`,
        `s3.put_object(Bucket='bucket', Key='key', Body=open('${file}', 'rb'), ChecksumAlgorithm='${algorithm}')`,
      ].join('\n'),
    ]),
  },
  {
    name: 'awscli',
    ...{ needs: ['awscli', 'openssl'], trailing: ['https'] },
    algorithms: ['CRC32', 'CRC32C', 'SHA1', 'SHA256'],
    upload: byCommand('awscli', ({ url, file }, algorithm) => [
      ...['--endpoint-url', url, 's3api', 'put-object', '--bucket', 'bucket', '--key', 'key'],
      ...['--body', file, '--checksum-algorithm', algorithm],
    ]),
  },
]

const headersOf = ({ request }: Verdict) =>
  new Map(
    [...(request.headers as Iterable<[string, string]>)].map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  )

describe.each(UPLOADERS)('uploads with a checksum', ({ name, needs, ...client }) => {
  const sent: Record<string, Record<string, string>> = {}

  describeWithPart(needs, name, () => {
    useHome()
    let certificate: Certificate
    let folder: string
    let server: VerifyingServer
    beforeAll(() => {
      certificate = makeCertificate()
      folder = mkdtempSync(join(tmpdir(), 'countersign-checksums-'))
      writeFileSync(join(folder, 'body'), noise(SIZE))
    })
    afterAll(() => {
      certificate?.remove()
      if (folder) rmSync(folder, { recursive: true, force: true })
      console.log(name)
      console.table(sent)
    })
    afterEach(() => server?.close())

    const uploadTo = (url: string, algorithm: string) =>
      client.upload(
        { url, certificate, file: join(folder, 'body'), credentials: server.credentials },
        algorithm,
      )

    const through = async (scheme: string, place: Place, algorithm: string) => {
      const tls = scheme === 'https' ? certificate : undefined
      const proxy = await startProxy(server.port, place, tls)
      try {
        await uploadTo(proxy.url, algorithm)
      } finally {
        proxy.close()
      }
    }

    describe.each(client.algorithms)('%s', (algorithm) => {
      const field = `x-amz-checksum-${algorithm.toLowerCase()}`

      describe.each(['http', 'https'])('over %s', (scheme) => {
        const trails = client.trailing.includes(scheme)

        it('is decoded, its checksum and all', async () => {
          const tls = scheme === 'https' ? certificate : undefined
          server = await createVerifyingServer({ region: REGION, tls })
          await uploadTo(server.url, algorithm)
          const verdict = server.lastVerdict as Verdict
          if (!verdict.result.ok) throw new Error(verdict.result.message)
          const headers = headersOf(verdict)
          const word = headers.get('x-amz-content-sha256') ?? ''
          sent[algorithm] = { ...sent[algorithm], [scheme]: trails ? word : `header ${field}` }
          const body = verdict.request.body as Uint8Array
          if (!trails) {
            expect(headers.get(field)).toMatch(/^[\w+/]+=*$/)
            expect(noise(SIZE)).toEqual(Uint8Array.from(body))
            return
          }
          expect([word, headers.get('x-amz-trailer')]).toEqual([
            'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
            field,
          ])
          expect(verdict.result.payload).toBe('streaming')
          // Once more, with checksums that are not the server's own.
          const trailers: unknown[] = []
          const onTrailer = (fields: object) => trailers.push(fields)
          const back = await decode(body, verdict.result as Verified, { onTrailer })
          expect([back.code, back.bytes.equals(noise(SIZE))]).toEqual([undefined, true])
          expect(trailers).toEqual([{ [field]: expect.stringMatching(/^[\w+/]+=*$/) }])
        })

        it('is refused with a byte altered on the way', async () => {
          server = await createVerifyingServer({ region: REGION })
          await through(scheme, 'nowhere', algorithm)
          expect(server.lastVerdict?.result.ok).toBe(true)
          for (const place of ['body', 'trailer'] as const) {
            if (place === 'trailer' && !trails) continue
            await expect(through(scheme, place, algorithm)).rejects.toThrow()
            const refused = { ok: false, reason: 'payload-mismatch' }
            expect(server.lastVerdict?.result).toMatchObject(refused)
          }
        })
      })
    })
  })
})
