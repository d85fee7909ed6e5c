import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { S3Store } from '@tus/s3-store'
import { Upload } from '@tus/utils'
import { Operator } from 'opendal'
import { S3mini } from 's3mini'
import { expect, vi } from 'vitest'
import { KEY } from './command.ts'
import type { Target } from './live-client.ts'
import { describeJobs, LARGE_BODY } from './testing-clients.ts'

const PART = 5 * 1024 ** 2
const bucket = 'bucket'

/** A client whose bucket is there. */
async function s3mini({ url, region, credentials }: Target): Promise<S3mini> {
  const { accessKeyId, secretAccessKey } = credentials
  const s3 = new S3mini({
    ...{ accessKeyId, secretAccessKey, region, endpoint: `${url}/${bucket}` },
    ...{ minPartSize: PART, requestSizeInBytes: PART },
  })
  expect(await s3.bucketExists()).toBe(false)
  expect(await s3.createBucket()).toBe(true)
  expect(await s3.bucketExists()).toBe(true)
  return s3
}

describeJobs('s3mini', [
  {
    name: 'objects',
    async run(target) {
      const s3 = await s3mini(target)
      await s3.putObject(KEY, 'text', 'text/x')
      expect(await s3.getObject(KEY)).toBe('text')
      expect(await s3.objectExists(KEY)).toBe(true)
      expect(await s3.objectExists('none')).toBe(false)
      expect(await s3.getObject('none')).toBeNull()
      expect(await s3.getContentLength(KEY)).toBe(4)
      expect(await s3.getEtag(KEY)).toBe('1cb251ec0d568de6a929b520c4aed8d1')
      await s3.copyObject(KEY, 'copies/one')
      await s3.moveObject('copies/one', 'copies/two')
      const found = await s3.listObjects('/', 'copies/')
      expect(found?.map((it) => it.Key)).toEqual(['copies/two'])
      const part = await s3.getObjectRaw(KEY, false, 1, 3)
      expect(await part.text()).toBe('ex')
      const url = await s3.getPresignedUrl('GET', KEY)
      expect(await (await fetch(url)).text()).toBe('text')
      expect(await s3.deleteObjects([KEY, 'copies/two'])).toEqual([true, true])
      expect(await s3.deleteObject(KEY)).toBe(true)
      expect(await s3.listObjects()).toEqual([])
    },
  },
  {
    name: 'an upload in parts',
    async run(target) {
      const s3 = await s3mini(target)
      await s3.putAnyObject(KEY, LARGE_BODY)
      const got = await s3.getObjectArrayBuffer(KEY)
      expect(LARGE_BODY.equals(Buffer.from(got ?? new ArrayBuffer(0)))).toBe(true)
      const id = await s3.getMultipartUploadId('other')
      const parts = [await s3.uploadPart('other', id, LARGE_BODY, 1)]
      expect((await s3.completeMultipartUpload('other', id, parts)).etag).toMatch(/-1$/)
      const left = await s3.getMultipartUploadId('left')
      await s3.abortMultipartUpload('left', left)
    },
  },
])

describeJobs('s3mini, in what it cannot do here', [
  {
    name: 'versions',
    async run(target) {
      const s3 = await s3mini(target)
      expect(await s3.getBucketVersioning()).toBe('Off')
      await expect(s3.setBucketVersioning('Enabled')).rejects.toThrow('501')
      await expect(s3.listObjectVersions('key')).rejects.toThrow('501')
    },
  },
])

const opendal = ({ url, region, credentials }: Target): Operator =>
  new Operator('s3', {
    ...{ bucket, region, endpoint: url, disable_config_load: 'true' },
    access_key_id: credentials.accessKeyId,
    secret_access_key: credentials.secretAccessKey,
  })

describeJobs('opendal', [
  {
    name: 'objects',
    async run(target) {
      const s3 = opendal(target)
      await s3.write(KEY, 'text')
      await s3.check()
      expect(String(await s3.read(KEY))).toBe('text')
      expect(String(await s3.read(KEY, { offset: 1n, size: 2n }))).toBe('ex')
      expect((await s3.stat(KEY)).contentLength).toBe(4n)
      expect(await s3.exists('none')).toBe(false)
      await s3.copy(KEY, 'copies/one')
      await s3.createDir('folder/')
      const found = await s3.list('', { recursive: true })
      expect(found.map((it) => it.path())).toEqual([KEY, 'copies/one', 'folder/'])
      const { url, method, headers } = await s3.presignRead(KEY, 60)
      expect(await (await fetch(url, { method, headers })).text()).toBe('text')
      const once = s3.write(KEY, 'other', { ifNotExists: true })
      await expect(once).rejects.toThrow('ConditionNotMatch')
      await s3.delete(KEY)
      await s3.removeAll('copies/')
      expect((await s3.list('')).map((it) => it.path())).toEqual(['folder/'])
    },
  },
  {
    name: 'an upload in parts',
    async run(target) {
      const s3 = opendal(target)
      const writer = await s3.writer(KEY, { chunk: BigInt(PART) })
      await writer.write(LARGE_BODY.subarray(0, PART))
      await writer.write(LARGE_BODY.subarray(PART))
      await writer.close()
      expect(LARGE_BODY.equals(await s3.read(KEY))).toBe(true)
    },
  },
])

describeJobs('@tus/s3-store', [
  {
    name: 'an upload that is interrupted, and goes on',
    async run({ url, region, credentials }) {
      const store = new S3Store({
        partSize: PART,
        s3ClientConfig: { bucket, endpoint: url, region, credentials, forcePathStyle: true },
      })
      await store.create(new Upload({ id: 'id', offset: 0, size: LARGE_BODY.length }))
      const write = (from: number, to?: number) =>
        store.write(Readable.from([LARGE_BODY.subarray(from, to)]), 'id', from)
      // Less than a part: it is put beside the upload, and read back when more comes.
      expect(await write(0, 1000)).toBe(1000)
      expect((await store.getUpload('id')).offset).toBe(1000)
      expect(await write(1000)).toBe(LARGE_BODY.length)
      expect(LARGE_BODY.equals(await buffer(await store.read('id')))).toBe(true)
      await store.create(new Upload({ id: 'other', offset: 0, size: 10 }))
      await store.remove('other')
      await expect(store.getUpload('other')).rejects.toMatchObject({ status_code: 404 })
    },
  },
  {
    name: 'what it cannot do: the removal of an upload that is complete',
    async run({ url, region, credentials }) {
      const store = new S3Store({
        s3ClientConfig: { bucket, endpoint: url, region, credentials, forcePathStyle: true },
      })
      await store.create(new Upload({ id: 'id', offset: 0, size: 4 }))
      await store.write(Readable.from([Buffer.from('text')]), 'id', 0)
      await expect(store.remove('id')).rejects.toMatchObject({ status_code: 404 })
    },
  },
  {
    name: 'uploads that have expired',
    async run({ url, region, credentials }) {
      const store = new S3Store({
        ...{ partSize: PART, expirationPeriodInMilliseconds: 1 },
        s3ClientConfig: { bucket, endpoint: url, region, credentials, forcePathStyle: true },
      })
      await store.create(new Upload({ id: 'id', offset: 0, size: 10 }))
      await store.write(Readable.from([Buffer.from('text')]), 'id', 0)
      await vi.waitUntil(async () => (await store.deleteExpired()) > 0)
      expect(await store.deleteExpired()).toBe(0)
    },
  },
])
