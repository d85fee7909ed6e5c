import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import {
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  waitUntilObjectNotExists,
} from '@aws-sdk/client-s3'
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from '@aws-sdk/client-transcribe-streaming'
import { Upload } from '@aws-sdk/lib-storage'
import { expect } from 'vitest'
import { KEY } from './command.ts'
import type { Target } from './live-client.ts'
import { describeJobs, type Job, LARGE_BODY } from './testing-clients.ts'

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME']

const optionsOf = ({ url, region, credentials }: Target) => ({
  ...{ endpoint: url, region, credentials, maxAttempts: 1 },
})

/** Uploads a stream in parts, and looks at what is there then. */
async function upload(s3: S3Client, Bucket: string, ChecksumAlgorithm: ChecksumAlgorithm) {
  const Body = Readable.from([LARGE_BODY.subarray(0, 1000), LARGE_BODY.subarray(1000)])
  const params = { Bucket, Key: KEY, Body, ChecksumAlgorithm, ContentType: 'text/x' }
  const done = await new Upload({ client: s3, params, partSize: 5 * 1024 ** 2 }).done()
  const at = { Bucket, Key: KEY, ChecksumMode: 'ENABLED' } as const
  const field = `Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32'
  const head = await s3.send(new HeadObjectCommand(at))
  expect(head).toMatchObject({ ContentLength: LARGE_BODY.length, ContentType: 'text/x' })
  expect(done[field]).toBeDefined()
  expect([head.ETag, head[field]]).toEqual([done.ETag, done[field]])
  const { Body: got } = await s3.send(new GetObjectCommand(at))
  expect(LARGE_BODY.equals((await got?.transformToByteArray()) ?? new Uint8Array())).toBe(true)
}

const uploads = ALGORITHMS.map(
  (algorithm): Job => ({
    name: `lib-storage, with ${algorithm}`,
    run: (target) => upload(new S3Client(optionsOf(target)), 'bucket', algorithm),
  }),
)

/** Lists, reads by range, copies and deletes. */
async function objects(s3: S3Client, Bucket: string): Promise<void> {
  await upload(s3, Bucket, 'CRC32')
  const CopySource = encodeURI(`${Bucket}/${KEY}`).replace('+', '%2B')
  for (const name of ['one', 'two', 'three'])
    await s3.send(new CopyObjectCommand({ Bucket, Key: `copies/${name}`, CopySource }))
  const keys: unknown[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket }))
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
  expect(keys).toEqual([KEY, 'copies/one', 'copies/three', 'copies/two'])
  const part = { Bucket, Key: 'copies/one', Range: 'bytes=10-19' }
  const { Body } = await s3.send(new GetObjectCommand(part))
  expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(
    LARGE_BODY.subarray(10, 20),
  )
  const Objects = keys.slice(1).map((Key) => ({ Key: `${Key}` }))
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  await s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }))
  const patience = { client: s3, minDelay: 1, maxDelay: 1, maxWaitTime: 5 }
  await waitUntilObjectNotExists(patience, { Bucket, Key: KEY })
}

describeJobs('the SDK’s S3', [
  ...uploads,
  {
    name: 'objects',
    async run(target) {
      const s3 = new S3Client(optionsOf(target))
      await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
      await objects(s3, 'bucket')
    },
  },
  {
    name: 'S3 Express',
    async run(target, server) {
      await objects(new S3Client(optionsOf(target)), 'bucket--euw1-az1--x-s3')
      expect(server.verdicts.every(({ service }) => service === 's3express')).toBe(true)
      expect(server.verdicts[0]).toMatchObject({ operation: 'CreateSession' })
    },
  },
])

const MessageBody = 'a & ü'
const md5 = createHash('md5').update(MessageBody).digest('hex')

const notImplemented = expect.objectContaining({ name: 'NotImplemented' })

describeJobs('the SDK, in what it cannot do here', [
  {
    name: 'S3’s other sub-resources',
    async run(target) {
      const s3 = new S3Client(optionsOf(target))
      const of = { Bucket: 'bucket', Key: 'key' }
      await s3.send(new PutObjectCommand({ ...of, Body: 'text' }))
      await expect(s3.send(new GetObjectAclCommand(of))).rejects.toEqual(notImplemented)
      const versions = new ListObjectVersionsCommand({ Bucket: 'bucket' })
      await expect(s3.send(versions)).rejects.toEqual(notImplemented)
    },
  },
  {
    name: 'DynamoDB’s queries and tables',
    async run(target) {
      const dynamodb = new DynamoDBClient(optionsOf(target))
      const of = { TableName: 'table' }
      await expect(dynamodb.send(new QueryCommand(of))).rejects.toEqual(notImplemented)
      await expect(dynamodb.send(new DescribeTableCommand(of))).rejects.toEqual(notImplemented)
    },
  },
  {
    name: 'Kinesis’ events',
    async run(target) {
      const kinesis = new KinesisClient(optionsOf(target))
      const asked = new SubscribeToShardCommand({
        ...{ ConsumerARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/a/consumer/b:1' },
        ...{ ShardId: 'a', StartingPosition: { Type: 'LATEST' } },
      })
      const { EventStream = [] } = await kinesis.send(asked)
      for await (const event of EventStream) expect(event).toBeUndefined()
      kinesis.destroy()
    },
  },
])

describeJobs('the SDK', [
  {
    name: 'CloudWatch',
    async run(target) {
      const cloudwatch = new CloudWatchClient(optionsOf(target))
      const MetricData = [{ MetricName: 'a', Value: 1 }]
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'a', MetricData }))
    },
  },
  {
    name: 'DynamoDB',
    async run(target) {
      const dynamodb = new DynamoDBClient(optionsOf(target))
      const of = { TableName: 'table', Key: { id: { S: 'ü' } } }
      const Item = { ...of.Key, bytes: { B: Uint8Array.of(1, 2) } }
      await dynamodb.send(new PutItemCommand({ ...of, Item }))
      expect((await dynamodb.send(new GetItemCommand(of))).Item).toEqual(Item)
      await dynamodb.send(new DeleteItemCommand(of))
      expect((await dynamodb.send(new GetItemCommand(of))).Item).toBeUndefined()
    },
  },
  {
    // Its client looks at the MD5 of what it sent, of each message in a batch too.
    name: 'SQS',
    async run(target) {
      const sqs = new SQSClient(optionsOf(target))
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }))
      const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))
      expect(sent).toMatchObject({ MD5OfMessageBody: md5, MessageId: expect.any(String) })
      const Entries = [{ Id: 'a', MessageBody }]
      const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
      expect(batch.Successful).toMatchObject([{ Id: 'a', MD5OfMessageBody: md5 }])
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
      expect(Messages).toBeUndefined()
    },
  },
  {
    name: 'SNS',
    async run(target) {
      const sns = new SNSClient(optionsOf(target))
      const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:topic'
      await sns.send(new PublishCommand({ TopicArn, Message: 'a & ü' }))
      const PublishBatchRequestEntries = [{ Id: 'a', Message: 'text' }]
      await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
    },
  },
  {
    name: 'STS, whose key S3 then takes',
    async run(target, server) {
      const sts = new STSClient(optionsOf(target))
      expect((await sts.send(new GetCallerIdentityCommand())).Account).toBe('123456789012')
      const role = { RoleArn: 'arn:aws:iam::123456789012:role/role', RoleSessionName: 'name' }
      const { Credentials } = await sts.send(new AssumeRoleCommand(role))
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
      const credentials = {
        ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
        sessionToken: SessionToken,
      }
      await upload(new S3Client({ ...optionsOf(target), credentials }), 'bucket', 'CRC32')
      expect(server.lastVerdict?.result).toMatchObject({ accessKeyId: AccessKeyId })
    },
  },
  {
    name: 'Lambda',
    async run(target) {
      const lambda = new LambdaClient(optionsOf(target))
      const asked = { FunctionName: 'name', Payload: Buffer.from('{"a":1}') }
      const { Payload } = await lambda.send(new InvokeCommand(asked))
      expect(Payload?.transformToString()).toBe('{"a":1}')
    },
  },
  {
    name: 'Bedrock Runtime',
    async run(target) {
      const bedrock = new BedrockRuntimeClient(optionsOf(target))
      const asked = { modelId: 'model', messages: [] }
      await bedrock.send(new ConverseCommand(asked))
      const { body } = await bedrock.send(new InvokeModelCommand({ modelId: 'model', body: '{}' }))
      expect(body.transformToString()).toBe('{}')
      const { stream = [] } = await bedrock.send(new ConverseStreamCommand(asked))
      for await (const event of stream) expect(event).toBeUndefined()
      bedrock.destroy()
    },
  },
  {
    name: 'Kinesis',
    async run(target) {
      const kinesis = new KinesisClient(optionsOf(target))
      const record = { Data: Buffer.from('text'), PartitionKey: 'a' }
      await kinesis.send(new PutRecordCommand({ StreamName: 'stream', ...record }))
      await kinesis.send(new PutRecordsCommand({ StreamName: 'stream', Records: [record] }))
      kinesis.destroy()
    },
  },
  {
    name: 'Transcribe',
    async run(target, server) {
      const transcribe = new TranscribeStreamingClient(optionsOf(target))
      const words = ['one', 'two'].map((word) => Buffer.from(word))
      const { TranscriptResultStream = [] } = await transcribe.send(
        new StartStreamTranscriptionCommand({
          ...{ LanguageCode: 'en-GB', MediaSampleRateHertz: 8000, MediaEncoding: 'pcm' },
          AudioStream: (async function* () {
            for (const AudioChunk of words) yield { AudioEvent: { AudioChunk } }
          })(),
        }),
      )
      const results: unknown[] = []
      for await (const { TranscriptEvent } of TranscriptResultStream)
        results.push(TranscriptEvent?.Transcript?.Results)
      expect(results.slice(0, 2)).toEqual([[], []])
      expect(server.lastVerdict?.events?.length).toBeGreaterThanOrEqual(2)
      transcribe.destroy()
    },
  },
])
