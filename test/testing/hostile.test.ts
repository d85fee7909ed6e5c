import { createSigner } from 'countersign'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fc } from '../support/properties.ts'

const region = 'eu-west-1'

let server: VerifyingServer
beforeAll(async () => {
  server = await createVerifyingServer()
})
afterAll(() => server.close())

/** Some of these names, each with a value that somebody chose to annoy. */
const some = (names: readonly string[], value: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...names), value), {
    selector: ([name]) => name,
    maxLength: 4,
  })

const numbers = fc.constantFrom('', '0', '1', '-1', '1e400', 'NaN', '10001', '99999999999')
const queries = some(
  [
    ...['uploadId', 'uploads', 'partNumber', 'max-keys', 'max-parts', 'part-number-marker'],
    ...['list-type', 'continuation-token', 'start-after', 'prefix', 'delimiter', 'marker'],
    ...['encoding-type', 'delete', 'tagging', 'session', 'location', 'response-content-type'],
    ...['__proto__', 'constructor'],
  ],
  fc.oneof(numbers, fc.string({ unit: 'binary' }), fc.constantFrom('/', 'url', 'bucket')),
)
const headers = some(
  [
    ...['range', 'if-match', 'if-none-match', 'if-modified-since', 'x-amz-copy-source'],
    ...['x-amz-copy-source-range', 'x-amz-copy-source-if-match', 'x-amz-metadata-directive'],
    ...['x-amz-tagging', 'x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode'],
    ...['x-amz-mp-object-size', 'x-amz-meta-a', 'content-encoding', 'content-type'],
  ],
  fc.oneof(
    numbers,
    fc.constantFrom('bytes=5-1', 'bytes=-', 'REPLACE', 'constructor', '/bucket/key', '%', '*'),
    fc.string({ unit: 'grapheme-ascii' }),
  ),
)
const bodies = fc.oneof(
  fc.constantFrom('', '<Delete>', '<Delete><Key>&#xffffffff;</Key></Delete>', '{', '{"a":{}}'),
  fc.string({ unit: 'binary' }),
)
const targets = fc.constantFrom(
  ...['DynamoDB_20120810.PutItem', 'DynamoDB_20120810.GetItem', 'DynamoDB_20120810.DeleteItem'],
  ...['AmazonSQS.SendMessage', 'AmazonSQS.SendMessageBatch', 'AmazonSQS.GetQueueUrl'],
)
const members = fc.dictionary(
  fc.constantFrom('TableName', 'Key', 'Item', 'MessageBody', 'QueueName', 'Entries', '__proto__'),
  fc.oneof(fc.constantFrom('a', 'b'), fc.jsonValue({ maxDepth: 3 })),
)

async function statusOf(service: string, path: string, init: RequestInit): Promise<number> {
  const { credentials } = server
  const aws = createSigner({ service, region, credentials, retries: 0 })
  const { status, body } = await aws.fetch(server.url + path, init)
  await body?.cancel()
  return status
}

describe('whatever is signed', () => {
  it('is answered by its S3, and by nothing that is its own fault', async () => {
    const paths = fc.constantFrom(
      '',
      'bucket',
      'bucket/key',
      'bucket/%ff%00',
      '%E2%82%AC%0A',
      'b//',
    )
    const methods = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH')
    await fc.assert(
      fc.asyncProperty(methods, paths, queries, headers, bodies, async (method, path, ...rest) => {
        const [query, fields, body] = rest
        const hasBody = !/GET|HEAD/.test(method)
        const words = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
        const init = { method, headers: fields, ...(hasBody && { body }) }
        const status = await statusOf('s3', `/${path}?${words}`, init)
        expect([status, status === 501 || status < 500]).toEqual([status, true])
      }),
      { numRuns: 300 },
    )
  })

  it('is answered by its other services', async () => {
    const given = fc.oneof(
      members.map((value) => JSON.stringify(value)),
      bodies,
    )
    await fc.assert(
      fc.asyncProperty(targets, given, async (target, body) => {
        const service = target.startsWith('Dynamo') ? 'dynamodb' : 'sqs'
        const init = { method: 'POST', headers: { 'x-amz-target': target }, body }
        const status = await statusOf(service, '/', init)
        expect([status, status === 501 || status < 500]).toEqual([status, true])
      }),
      { numRuns: 300 },
    )
  })
})
