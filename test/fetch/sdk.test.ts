import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Servers, startServers } from './server.ts'
import { handingOut, type Place, type SdkCall, type Situation } from './situation.ts'
import { situations } from './situations.ts'
import { credentials, stageAt } from './stage.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

/** Whether the SDK's client, as it comes, gets through. */
async function sdkArrives({ here }: Place, { client, method, tokens }: SdkCall): Promise<boolean> {
  const options = {
    ...{ endpoint: here.slice(0, -1), region: 'us-east-1', forcePathStyle: true },
    followRegionRedirects: true,
    credentials: tokens ? handingOut(credentials, ...tokens) : credentials,
  }
  const key = { Bucket: 'bucket', Key: 'a key' }
  const s3 = new S3Client(options)
  const dynamodb = new DynamoDBClient(options)
  const call =
    client === 'dynamodb'
      ? dynamodb.send(new GetItemCommand({ TableName: 'table', Key: { id: { S: '1' } } }))
      : method === 'HEAD'
        ? s3.send(new HeadObjectCommand(key))
        : method === 'PUT'
          ? s3.send(new PutObjectCommand({ ...key, Body: 'again' }))
          : s3.send(new GetObjectCommand(key))
  try {
    await call
    return true
  } catch {
    return false
  } finally {
    s3.destroy()
    dynamodb.destroy()
  }
}

/** Whether the last answer that ours had was a success. */
async function oursArrives(place: Place, situation: Situation): Promise<boolean> {
  const out = await situation.act(stageAt(place))
  return [out].flat().includes(200)
}

const shared = Object.values(situations)
  .flat()
  .filter(({ sdk }) => sdk)

describe('where the AWS SDK arrives, fetch does', () => {
  it.each(shared.map((situation) => [situation.name, situation] as const))(
    '%s',
    async (_, situation) => {
      const sdk = await sdkArrives(servers.enter(situation), situation.sdk as SdkCall)
      const ours = await oursArrives(servers.enter(situation), situation)
      expect(ours || !sdk).toBe(true)
    },
  )
})
