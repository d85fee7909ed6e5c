import { Readable } from 'node:stream'
import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { RequestSigner } from '@smithy/types'
import { KEY } from './command.ts'
import type { LiveCall, Target } from './live-client.ts'

/** A signer for a client to take in place of its own. */
export type SignerOf = (service: string, target: Target) => RequestSigner

const at = { Bucket: 'bucket', Key: KEY }
const item = { id: { S: 'ü' }, value: { N: '1' } }

/** Calls of clients of the AWS SDK, signed by its own signer or by another. */
export function sdkCalls(signerOf?: SignerOf): readonly LiveCall[] {
  const sdk = (service: string, target: Target) => ({
    ...{ endpoint: target.url, region: target.region, credentials: target.credentials },
    ...(signerOf && { signer: signerOf(service, target) }),
    maxAttempts: 1,
  })
  const s3 = (name: string, calls: (client: S3Client) => Promise<unknown>): LiveCall => ({
    name,
    run: (target) => calls(new S3Client(sdk('s3', target))),
  })
  return [
    s3('buckets', async (client) => {
      await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
      await client.send(new GetBucketLocationCommand({ Bucket: 'bucket' }))
      await client.send(new ListBucketsCommand())
    }),
    s3('objects', async (client) => {
      await client.send(new PutObjectCommand({ ...at, Body: 'text', Metadata: { a: ' b  c ' } }))
      await client.send(new HeadObjectCommand(at))
      await client.send(new GetObjectCommand(at))
      await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'a b/' }))
      await client.send(
        new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: KEY }] } }),
      )
    }),
    s3('a stream', (client) =>
      client.send(
        new PutObjectCommand({
          ...at,
          Body: Readable.from([Buffer.from('text')]),
          ContentLength: 4,
        }),
      ),
    ),
    s3('an upload in parts', async (client) => {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
      const upload = { ...at, UploadId }
      const part = new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'text' })
      const { ETag } = await client.send(part)
      const Parts = [{ PartNumber: 1, ETag }]
      await client.send(
        new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
      )
    }),
    {
      name: 'dynamodb',
      run: async (target) => {
        const client = new DynamoDBClient(sdk('dynamodb', target))
        await client.send(new PutItemCommand({ TableName: 'table', Item: item }))
        await client.send(new GetItemCommand({ TableName: 'table', Key: { id: item.id } }))
        await client.send(new ListTablesCommand())
      },
    },
    {
      name: 'lambda',
      run: async (target) => {
        const client = new LambdaClient(sdk('lambda', target))
        const FunctionName = 'arn:aws:lambda:eu-west-1:123456789012:function:name'
        await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"a":1}') }))
        await client.send(new ListFunctionsCommand())
      },
    },
    {
      name: 'sts',
      run: (target) => new STSClient(sdk('sts', target)).send(new GetCallerIdentityCommand()),
    },
  ]
}
