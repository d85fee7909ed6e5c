import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import {
  BedrockRuntimeClient,
  InvokeModelWithBidirectionalStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from '@aws-sdk/client-transcribe-streaming'
import { verify } from 'countersign'
import { createEventVerifier } from 'countersign/eventstream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { splitFrames } from '../../src/eventstream/frames.ts'
import { listen } from '../support/loopback.ts'
import { bytes, codec, collect, credentials } from './common.ts'

const SPOKEN = ['one', 'two', 'three']

/** An SDK client that streams what is spoken, and hears the server out. */
interface Client {
  readonly service: string
  stream(endpoint: string, key: typeof credentials): Promise<void>
}

const configOf = (endpoint: string, key: typeof credentials) => ({
  ...{ region: 'us-west-2', endpoint, credentials: key, maxAttempts: 1 },
})

const CLIENTS: readonly (readonly [name: string, client: Client])[] = [
  [
    '@aws-sdk/client-transcribe-streaming',
    {
      service: 'transcribe',
      async stream(endpoint, key) {
        const client = new TranscribeStreamingClient(configOf(endpoint, key))
        async function* audio() {
          for (const text of SPOKEN) yield { AudioEvent: { AudioChunk: bytes(text) } }
        }
        try {
          const { TranscriptResultStream } = await client.send(
            new StartStreamTranscriptionCommand({
              ...{ LanguageCode: 'en-US', MediaEncoding: 'pcm', MediaSampleRateHertz: 16_000 },
              AudioStream: audio(),
            }),
          )
          for await (const _ of TranscriptResultStream ?? []);
        } finally {
          client.destroy()
        }
      },
    },
  ],
  [
    '@aws-sdk/client-bedrock-runtime',
    {
      service: 'bedrock',
      async stream(endpoint, key) {
        const client = new BedrockRuntimeClient(configOf(endpoint, key))
        async function* chunks() {
          for (const text of SPOKEN) yield { chunk: { bytes: bytes(text) } }
        }
        try {
          const { body } = await client.send(
            new InvokeModelWithBidirectionalStreamCommand({
              modelId: 'amazon.nova-sonic-v1:0',
              body: chunks(),
            }),
          )
          for await (const _ of body ?? []);
        } finally {
          client.destroy()
        }
      },
    },
  ],
]

/** What becomes of frames on their way. */
type Alter = (frames: Uint8Array[]) => Uint8Array[]

const untouched: Alter = (frames) => frames

/** A frame with a byte of its payload changed, and a checksum of its own that says nothing of it. */
const changed = (frame: Uint8Array | undefined): Uint8Array => {
  const { headers, body } = codec.decode(frame ?? new Uint8Array())
  const other = Uint8Array.from(body)
  other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1
  return codec.encode({ headers, body: other })
}

describe.each(CLIENTS)('%s over HTTP/2', (_, { service, stream }) => {
  let server: Http2Server
  let endpoint: string
  let alter = untouched
  const seen: { texts: string[]; end: string }[] = []

  /** What was said, by events that held, and how it ended. */
  async function serve(incoming: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const { ':method': method = '', ':path': url = '' } = headers
    const request = await verify(
      { method, url, headers: Object.entries(headers) as [string, string][] },
      { service, region: 'us-west-2', credentials: () => credentials },
    )
    if (!request.ok) {
      seen.push({ texts: [], end: request.reason })
      incoming.respond({ ':status': request.status })
      incoming.end()
      return
    }
    incoming.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' })
    const texts: string[] = []
    let end = 'whole'
    try {
      const frames = alter(await collect(splitFrames(incoming)))
      for await (const payload of createEventVerifier(request).payloads(frames, codec))
        texts.push(Buffer.from(codec.decode(payload).body).toString())
    } catch (error) {
      end = String(error)
    }
    seen.push({ texts, end })
    incoming.end()
  }

  beforeAll(async () => {
    server = createServer()
    server.on('stream', (incoming, headers) => void serve(incoming, headers))
    endpoint = `http://localhost:${await listen(server, 'localhost')}`
  })
  afterAll(() => server.close())
  beforeEach(() => {
    alter = untouched
    seen.length = 0
  })

  /** As Bedrock's events hold their bytes in JSON, and Transcribe's as they are. */
  const said = (text: string): string =>
    service === 'bedrock' ? JSON.stringify({ bytes: Buffer.from(text).toString('base64') }) : text

  it('is verified, event by event, to its end', async () => {
    await stream(endpoint, credentials)
    expect(seen).toEqual([{ texts: SPOKEN.map(said), end: 'whole' }])
  })

  it.each<[string, Alter, number, string]>([
    [
      'changed',
      ([first, second, ...rest]) => [first as Uint8Array, changed(second), ...rest],
      1,
      'The signature',
    ],
    ['left out', ([first, _, ...rest]) => [first as Uint8Array, ...rest], 1, 'The signature'],
    [
      'sent again',
      ([first, ...rest]) => [first as Uint8Array, first as Uint8Array, ...rest],
      1,
      'The signature',
    ],
    ['cut off at the end', (frames) => frames.slice(0, -1), 3, 'no empty event ends it'],
  ])('is refused with an event %s', async (_, change, before, message) => {
    alter = change
    await stream(endpoint, credentials)
    expect(seen).toEqual([
      { texts: SPOKEN.slice(0, before).map(said), end: expect.stringContaining(message) },
    ])
  })

  it('is refused at its request, where that is signed by another', async () => {
    const other = { ...credentials, secretAccessKey: 'another' }
    await stream(endpoint, other).catch(() => {})
    expect(seen).toEqual([{ texts: [], end: 'signature-mismatch' }])
  })
})
