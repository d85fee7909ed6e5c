/** Runs in a page: what opens a WebSocket by a presigned URL, the AWS SDK or countersign. */
import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from '@aws-sdk/client-transcribe-streaming'
import { eventStreamPayloadHandlerProvider } from '@aws-sdk/middleware-websocket'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import { presign } from 'countersign'
import { createEventSigner } from 'countersign/eventstream'

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

const region = 'us-west-2'
const bytes = (text: string) => new TextEncoder().encode(text)
const codec = new EventStreamCodec(
  (input) => new TextDecoder().decode(input as Uint8Array),
  (text) => bytes(text),
)

const api = {
  /** Transcribe's client; it signs the URL alone, and events where `signed` gives it the SDK's way. */
  async sdk(credentials: Key, texts: readonly string[], signed: boolean) {
    const client = new TranscribeStreamingClient({
      ...{ region, credentials, maxAttempts: 1 },
      ...(signed && {
        eventStreamPayloadHandlerProvider: eventStreamPayloadHandlerProvider as never,
      }),
    })
    async function* audio() {
      for (const text of texts) yield { AudioEvent: { AudioChunk: bytes(text) } }
    }
    const { TranscriptResultStream } = await client.send(
      new StartStreamTranscriptionCommand({
        ...{ LanguageCode: 'en-US', MediaEncoding: 'pcm', MediaSampleRateHertz: 16_000 },
        AudioStream: audio(),
      }),
    )
    for await (const _ of TranscriptResultStream ?? []);
  },

  /** The same by `presign` and `createEventSigner`. */
  async countersign(credentials: Key, texts: readonly string[]) {
    const options = { region, credentials, service: 'transcribe' }
    const { url } = await presign(
      {
        url: `wss://transcribestreaming.${region}.amazonaws.com:8443/stream-transcription-websocket?language-code=en-US`,
      },
      { ...options, expiresIn: 60 },
    )
    const socket = new WebSocket(url)
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
    await new Promise((resolve, reject) => {
      socket.onopen = resolve
      socket.onerror = () => reject(new Error('refused'))
    })
    const seed = { signature: new URL(url).searchParams.get('X-Amz-Signature') ?? '' }
    const audio = texts.map((text) => codec.encode({ headers: {}, body: bytes(text) }))
    for await (const frame of createEventSigner(seed, options).frames(audio, codec))
      socket.send(frame as BufferSource)
    await closed
  },
}

export type PageApi = typeof api

Object.assign(globalThis, { countersignPage: api })
