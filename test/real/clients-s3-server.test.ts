import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keys } from '../../examples/keys.ts'
import { s3Server } from '../../examples/s3-server.ts'
import { exampleKey } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import { awscli, boto3, s3cmd } from './clients.ts'
import { KEY, LARGE, SMALL, useHome } from './command.ts'
import { type LiveCall, targetOf } from './live-client.ts'
import { describeWithPart, type Part } from './parts.ts'

/** How a client puts a file of four bytes and one of nine megabytes, and gets, looks at and deletes the first. */
interface Calls {
  readonly put: LiveCall['run']
  readonly large: LiveCall['run']
  readonly head: LiveCall['run']
  readonly get: (file: string) => LiveCall['run']
  readonly remove: LiveCall['run']
}

const S3 = "s3 = client('s3')\n"
const url = `s3://bucket/${KEY}`
const place = ['--bucket=bucket', '--key', KEY]

const CLIENTS: readonly (readonly [Part, Calls])[] = [
  [
    'awscli',
    {
      put: awscli(['s3', 'cp', SMALL, url]),
      large: awscli(['s3api', 'put-object', '--bucket=bucket', '--key=large', '--body', LARGE]),
      head: awscli(['s3api', 'head-object', ...place]),
      get: (file) => awscli(['s3', 'cp', url, file]),
      remove: awscli(['s3', 'rm', url]),
    },
  ],
  [
    'boto3',
    {
      put: boto3(`${S3}s3.put_object(Bucket='bucket', Key=key, Body=b'text')`),
      large: boto3(
        `${S3}s3.put_object(Bucket='bucket', Key='large', Body=open(os.environ['HOME'] + '/large', 'rb'))`,
      ),
      head: boto3(`${S3}assert s3.head_object(Bucket='bucket', Key=key)['ContentLength'] == 4`),
      get: (file) => boto3(`${S3}s3.download_file('bucket', key, '${file}')`),
      remove: boto3(`${S3}s3.delete_object(Bucket='bucket', Key=key)`),
    },
  ],
  [
    's3cmd',
    {
      put: s3cmd(['put', SMALL, url]),
      large: s3cmd(['put', '--disable-multipart', LARGE, 's3://bucket/large']),
      head: s3cmd(['info', url]),
      get: (file) => s3cmd(['get', url, file]),
      remove: s3cmd(['del', url]),
    },
  ],
]

for (const [name, { put, large, head, get, remove }] of CLIENTS)
  describeWithPart(name, `examples/s3-server.ts and ${name}`, () => {
    useHome()
    let folder: string
    let server: Server
    let call: (run: LiveCall['run']) => Promise<unknown>
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-s3-server-'))
      const directory = join(folder, 'objects')
      const hosts: string[] = []
      const credentials = (id: string) => keys.get(id)
      server = s3Server({ directory, hosts, region: 'eu-west-1', credentials })
      const host = `127.0.0.1:${await listen(server)}`
      hosts.push(host)
      const target = targetOf(`http://${host}`, exampleKey)
      call = (run) => run(target)
    })
    afterAll(async () => {
      await shut(server)
      rmSync(folder, { recursive: true })
    })

    it('puts, looks at, gets and deletes an object', async () => {
      await call(put)
      expect(readdirSync(join(folder, 'objects')).map(decodeURIComponent)).toEqual([
        `/bucket/${KEY}`,
      ])
      await call(head)
      await call(get(join(folder, 'got')))
      expect(readFileSync(join(folder, 'got'), 'utf8')).toBe('text')
      await call(remove)
      expect(readdirSync(join(folder, 'objects'))).toEqual([])
      await expect(call(head)).rejects.toThrow()
    })

    it('puts a large one', async () => {
      await call(large)
      const bytes = readFileSync(join(folder, 'objects/%2Fbucket%2Flarge'))
      expect([bytes.length, bytes.every((byte) => byte === 120)]).toEqual([9 * 1024 * 1024, true])
    })
  })
