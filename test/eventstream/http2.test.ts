import { once } from 'node:events'
import {
  type ClientHttp2Stream,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { presign, type SignedRequest, sign, verify } from 'countersign'
import { createEventSigner, createEventVerifier } from 'countersign/eventstream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../support/loopback.ts'
import { audioEvent, bytes, codec, collect, credentials, scope } from './common.ts'

const EVENTS = 'STREAMING-AWS4-HMAC-SHA256-EVENTS'
const options = { ...scope, credentials }

/** What the server saw of a stream in the end. */
type Seen = { texts: string[] } | { refused: string } | { error: string }

let server: Http2Server
let origin: string
const seen: Seen[] = []

/** As Transcribe: lets the request in, verifies each event, and answers each with one of its own. */
async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const { ':method': method = '', ':path': url = '' } = headers
  const fields = Object.entries(headers) as [string, string][]
  const request = await verify(
    { method, url, headers: fields },
    {
      service: 'transcribe',
      region: 'us-west-2',
      credentials: () => credentials,
    },
  )
  if (!request.ok) {
    seen.push({ refused: request.reason })
    stream.respond({ ':status': request.status })
    stream.end()
    return
  }
  stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' })
  const texts: string[] = []
  try {
    for await (const payload of createEventVerifier(request).payloads(stream, codec)) {
      const text = Buffer.from(codec.decode(payload).body).toString()
      texts.push(text)
      stream.write(codec.encode({ headers: {}, body: bytes(text.toUpperCase()) }))
    }
    seen.push({ texts })
    stream.end()
  } catch (error) {
    seen.push({ error: String(error) })
    stream.close()
  }
}

beforeAll(async () => {
  server = createServer()
  server.on('stream', (stream, headers) => void serve(stream, headers))
  origin = `http://localhost:${await listen(server, 'localhost')}`
})

afterAll(() => server.close())

const signed = (more: object = {}): Promise<SignedRequest> =>
  sign(
    {
      method: 'POST',
      url: `${origin}/stream-transcription`,
      headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    },
    { ...options, payload: EVENTS, ...more },
  )

/** Opens a stream with a signed request; `send` writes its body. */
async function open(
  request: SignedRequest,
  send: (stream: ClientHttp2Stream) => Promise<void>,
): Promise<string[]> {
  const session = connect(origin)
  const { pathname, search } = new URL(request.url)
  const stream = session.request({
    ...{ ':method': request.method, ':path': pathname + search },
    ...request.headers,
  })
  const answers = collect(stream).then((chunks) => Buffer.concat(chunks as Buffer[]))
  await send(stream)
  const body = await answers.catch(() => Buffer.alloc(0))
  session.close()
  const texts: string[] = []
  for (let at = 0; at < body.length; at += body.readUInt32BE(at))
    texts.push(
      Buffer.from(codec.decode(body.subarray(at, at + body.readUInt32BE(at))).body).toString(),
    )
  return texts
}

const speech = ['one', 'two', 'three'.repeat(20_000), 'four']

describe('a stream over HTTP/2', () => {
  it('goes to the server and back, event by event', async () => {
    const request = await signed()
    const signer = createEventSigner(request, options)
    const answers = await open(request, async (stream) => {
      for await (const frame of signer.frames(speech.map(audioEvent), codec))
        if (!stream.write(frame)) await once(stream, 'drain')
      stream.end()
    })
    expect(answers).toEqual(speech.map((text) => text.toUpperCase()))
    expect(seen.at(-1)).toEqual({ texts: speech })
  })

  it('starts from a presigned URL as well', async () => {
    const request = await presign(
      { method: 'POST', url: `${origin}/stream-transcription?language-code=en-US` },
      { ...options, payload: EVENTS },
    )
    const signer = createEventSigner(request, options)
    await open(request, async (stream) => {
      for await (const frame of signer.frames([audioEvent('one')], codec)) stream.write(frame)
      stream.end()
    })
    expect(seen.at(-1)).toEqual({ texts: ['one'] })
  })

  it('is refused where an event is changed, left out, or the end does not come', async () => {
    const alter = [
      (frames: Uint8Array[]) => frames.filter((_, at) => at !== 1),
      (frames: Uint8Array[]) => [
        ...frames.slice(0, 2),
        frames[1] as Uint8Array,
        ...frames.slice(2),
      ],
      (frames: Uint8Array[]) => frames.slice(0, -1),
    ]
    for (const [at, change] of alter.entries()) {
      const request = await signed()
      const signer = createEventSigner(request, options)
      const frames = await collect(signer.frames(['one', 'two', 'three'].map(audioEvent), codec))
      await open(request, async (stream) => {
        for (const frame of change(frames)) stream.write(frame)
        stream.end()
      })
      const message = at < 2 ? 'The signature is not that of this event' : 'no empty event ends it'
      expect(seen.at(-1)).toEqual({ error: expect.stringContaining(message) })
    }
  })

  it('is refused at its request, where that is signed by another', async () => {
    const wrong = { ...credentials, secretAccessKey: 'another' }
    await open(await signed({ credentials: wrong }), async (stream) => void stream.end())
    expect(seen.at(-1)).toEqual({ refused: 'signature-mismatch' })
  })
})

describe('a presigned WebSocket URL', () => {
  const now = () => new Date('2026-01-02T03:04:05Z')
  const request = {
    url: 'wss://transcribestreaming.us-west-2.amazonaws.com:8443/stream-transcription-websocket?language-code=en-US&media-encoding=pcm&sample-rate=16000',
  }

  it('starts the chain of the messages that follow', async () => {
    const signed = await presign(request, { ...options, signingDate: now(), expiresIn: 300 })
    const url = new URL(signed.url)
    expect(url.protocol).toBe('wss:')
    const opened = await verify(
      { method: 'GET', url: url.pathname + url.search, headers: { host: url.host } },
      { service: 'transcribe', credentials: () => credentials, now: now() },
    )
    if (!opened.ok) throw new Error(opened.message)

    // Whoever was handed the URL alone knows the seed from it.
    const seed = { signature: url.searchParams.get('X-Amz-Signature') ?? '' }
    const signer = createEventSigner(seed, { ...options, now })
    const verifier = createEventVerifier(opened, { now })
    for (const text of ['one', 'two'])
      expect(
        await verifier.verify(codec.decode(codec.encode(await signer.sign(audioEvent(text))))),
      ).toMatchObject({ ok: true, body: audioEvent(text) })
    const end = codec.decode(codec.encode(await signer.end()))
    expect(await verifier.verify(end)).toMatchObject({ ok: true, last: true })
  })
})
