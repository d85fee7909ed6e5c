import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
// @ts-expect-error -- aws4 has no types of its own
import aws4 from 'aws4'
import { AwsClient } from 'aws4fetch'
import { Client as MinioClient } from 'minio'
import { describe } from 'vitest'
import { KEY, KEY_IN_URL } from './command.ts'
import { describeClient, type Target } from './live-client.ts'

const PATH = `/bucket/${KEY_IN_URL}`

const minio = ({ host, port, region, credentials }: Target): MinioClient =>
  new MinioClient({
    ...{ endPoint: host, port, useSSL: false, region },
    accessKey: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken ?? '',
  })

const reading = async (url: string, init?: RequestInit): Promise<void> => {
  const response = await fetch(url, init)
  if (!response.ok && response.status !== 404) throw new Error(await response.text())
}

describe('minio', () => {
  describeClient('minio', [
    {
      name: 'objects',
      run: async (target) => {
        const client = minio(target)
        await client.makeBucket('bucket', target.region)
        await client.putObject('bucket', KEY, 'text', 4, { a: 'b' })
        await client.statObject('bucket', KEY)
        await buffer(await client.getObject('bucket', KEY))
        for await (const _ of client.listObjectsV2('bucket', 'a b/', true));
        await client.removeObject('bucket', KEY)
      },
    },
    {
      name: 'an upload in parts',
      run: async (target) => {
        const client = minio(target)
        Object.assign(client, { partSize: 5 * 1024 * 1024 })
        await client.makeBucket('bucket', target.region)
        await client.putObject('bucket', KEY, Buffer.alloc(6 * 1024 * 1024))
      },
    },
    {
      name: 'a presigned URL',
      run: async (target) => reading(await minio(target).presignedGetObject('bucket', KEY, 60)),
    },
  ])
})

const byAws4 = async (target: Target, options: object, inQuery = false): Promise<void> => {
  const { accessKeyId, secretAccessKey, sessionToken } = target.credentials
  const place = { host: `${target.host}:${target.port}`, region: target.region }
  const signed = aws4.sign(
    { ...place, ...options, signQuery: inQuery },
    { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  )
  const { host: _, body, ...others } = signed
  const sent = httpRequest({
    ...others,
    host: target.host,
    port: target.port,
    agent: false,
  } as object)
  sent.end(body)
  const [response] = await once(sent, 'response')
  const text = String(await buffer(response))
  if (response.statusCode >= 400 && response.statusCode !== 404) throw new Error(text)
}

describe('aws4', () => {
  describeClient('aws4', [
    {
      name: 's3',
      run: (target) =>
        byAws4(target, { service: 's3', method: 'PUT', path: `${PATH}?a=b`, body: 'text' }),
    },
    {
      name: 'dynamodb',
      run: (target) =>
        byAws4(target, {
          ...{ service: 'dynamodb', method: 'POST', path: '/', body: '{}' },
          headers: {
            'Content-Type': 'application/x-amz-json-1.0',
            'X-Amz-Target': 'DynamoDB_20120810.ListTables',
          },
        }),
    },
    {
      name: 'a presigned URL',
      run: (target) => byAws4(target, { service: 's3', path: PATH }, true),
    },
  ])
})

const aws4fetch = ({ region, credentials }: Target, service: string): AwsClient => {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return new AwsClient({
    ...{ accessKeyId, secretAccessKey, service, region, retries: 0 },
    ...(sessionToken && { sessionToken }),
  })
}

const content = async (promise: Promise<Response>): Promise<void> => {
  const response = await promise
  const text = await response.text()
  if (!response.ok) throw new Error(text)
}

describe('aws4fetch', () => {
  describeClient('aws4fetch', [
    {
      name: 's3',
      run: async (target) => {
        const client = aws4fetch(target, 's3')
        const headers = { 'X-Amz-Content-Sha256': await sha256('text') }
        await content(client.fetch(target.url + PATH, { method: 'PUT', body: 'text', headers }))
        await content(client.fetch(`${target.url}${PATH}?a=b`))
      },
    },
    {
      name: 'lambda',
      run: (target) =>
        content(
          aws4fetch(target, 'lambda').fetch(
            `${target.url}/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:name/invocations`,
            { method: 'POST', body: '{"a":1}' },
          ),
        ),
    },
    {
      name: 'a presigned URL',
      run: async (target) => {
        const aws = { signQuery: true }
        await reading((await aws4fetch(target, 's3').sign(target.url + PATH, { aws })).url)
      },
    },
  ])
})

async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Buffer.from(hash).toString('hex')
}
