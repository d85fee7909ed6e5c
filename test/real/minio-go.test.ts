import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verified } from 'countersign'
import { createVerifyingServer, type Verdict } from 'countersign/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decode } from '../s3/support.ts'
import { buildMinioGo } from './clients.ts'
import { LARGE, run, useHome } from './command.ts'
import { describeClient, type Target } from './live-client.ts'
import { describeWithPart } from './parts.ts'
import { startProxy } from './tampering.ts'

const SIGNED_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'
const SIZE = 9 * 1024 * 1024
const PART = 5 * 1024 * 1024

const word = ({ result }: Verdict): string =>
  (result.trace?.canonicalRequest ?? '').split('\n').at(-1) ?? ''

describeWithPart('minio-go', 'minio-go, whose trailers are signed', () => {
  useHome()
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-minio-go-'))
    buildMinioGo('upload', join(folder, 'upload'))
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const upload = (target: Pick<Target, 'host' | 'port' | 'region' | 'credentials'>) =>
    run(join(folder, 'upload'), [`${target.host}:${target.port}`, LARGE], target)

  const region = 'eu-west-1'
  const at = (port: number, { credentials }: { credentials: Target['credentials'] }) => ({
    ...{ host: '127.0.0.1', port, region, credentials },
  })

  it('has each chunk, trailer and checksum verified', async () => {
    const server = await createVerifyingServer({ region })
    try {
      await upload(at(server.port, server))
      const parts = server.verdicts.filter(({ request }) => request.method === 'PUT')
      expect(parts.map(word)).toEqual([SIGNED_TRAILER, SIGNED_TRAILER])
      const sizes: number[] = []
      for (const { request, result } of parts) {
        if (!result.ok) throw new Error(result.message)
        expect(result.payload).toBe('streaming')
        const trailers: unknown[] = []
        const onTrailer = (fields: object) => trailers.push(fields)
        const back = await decode(request.body as Uint8Array, result as Verified, { onTrailer })
        expect([back.code, back.bytes.every((byte) => byte === 120)]).toEqual([undefined, true])
        expect(trailers).toEqual([{ 'x-amz-checksum-crc32c': expect.stringMatching(/^.{6}==$/) }])
        sizes.push(back.bytes.length)
      }
      expect(sizes.sort()).toEqual([SIZE - PART, PART])
    } finally {
      await server.close()
    }
  })

  it('is refused with an altered trailer', async () => {
    const server = await createVerifyingServer({ region })
    const proxy = await startProxy(server.port, 'trailer')
    try {
      await expect(upload(at(Number(new URL(proxy.url).port), server))).rejects.toThrow()
      const refused = server.verdicts.filter(({ result }) => !result.ok)
      expect(refused).not.toEqual([])
      for (const { result } of refused)
        expect(result).toMatchObject({ ok: false, reason: 'signature-mismatch' })
    } finally {
      proxy.close()
      await server.close()
    }
  })

  describeClient('minio-go', [{ name: 'an upload in parts with signed trailers', run: upload }])
})
