import { once } from 'node:events'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelWithBidirectionalStreamCommand,
} from '@aws-sdk/client-bedrock-runtime'
import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from '@aws-sdk/client-transcribe-streaming'
import { createSigner, sign } from 'countersign'
import { createEventSigner } from 'countersign/eventstream'
import { createVerifyingServer, type Verdict, type VerifyingServer } from 'countersign/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bytes, codec } from '../eventstream/common.ts'
import { makeCertificate } from '../real/certificate.ts'
import { describeWithPart } from '../real/parts.ts'

const region = 'eu-west-1'
const EVENTS = 'STREAMING-AWS4-HMAC-SHA256-EVENTS'

let server: VerifyingServer
beforeEach(async () => {
  server = await createVerifyingServer()
})
afterEach(() => server.close())

const reasons = (): unknown[] => server.verdicts.map(({ result }) => result.ok || result.reason)
const clientOf = () => ({ endpoint: server.url, region, credentials: server.credentials })

/** One request over HTTP/2: its status, its header and its body. */
async function ask(session: ClientHttp2Session, path: string, service: string) {
  const host = new URL(server.url).host
  const url = `${server.url}${path}`
  const { credentials } = server
  const { headers } = await sign({ url, headers: { host } }, { service, region, credentials })
  const { host: _, ...others } = headers
  const stream = session.request({ ':path': path, ':authority': host, ...others })
  const [answer] = await once(stream, 'response')
  return { status: answer[':status'], headers: answer, body: await text(stream) }
}

describe('createVerifyingServer on one port', () => {
  it('speaks HTTP/1.1 and HTTP/2 in the clear', async () => {
    const session = connect(server.url)
    try {
      const second = await ask(session, '/', 's3')
      expect(second).toMatchObject({
        status: 200,
        body: expect.stringContaining('ListAllMyBuckets'),
      })
      const aws = createSigner({ service: 's3', ...clientOf() })
      expect((await aws.fetch(server.url)).status).toBe(200)
      expect(await ask(session, '/bucket/none', 's3')).toMatchObject({ status: 404 })
      expect(reasons()).toEqual([true, true, true])
    } finally {
      session.destroy()
    }
  })

  it('takes bodies over HTTP/2, and says when they break off', async () => {
    const session = connect(server.url)
    const url = `${server.url}/bucket/key`
    const put = { method: 'PUT', url, body: 'four, and more' }
    const { headers } = await sign(put, { service: 's3', region, credentials: server.credentials })
    const head = { ':method': 'PUT', ':path': '/bucket/key', ...headers }
    const whole = session.request(head)
    whole.end('four, and more')
    const [answer] = await once(whole, 'response')
    expect(answer[':status']).toBe(200)
    const cut = session.request(head)
    cut.on('error', () => {})
    cut.write('four')
    await vi.waitFor(() => expect(cut.id).toBeDefined())
    cut.close(constants.NGHTTP2_CANCEL)
    await vi.waitFor(() => expect(reasons()).toEqual([true, 'payload-mismatch']))
    session.destroy()
  })

  it('outlives who expects to go on and is gone', async () => {
    const frame = (type: number, flags: number, id: number, content: Uint8Array) => {
      const head = Buffer.alloc(9)
      head.writeUIntBE(content.byteLength, 0, 3)
      head.writeUIntBE(type * 256 + flags, 3, 2)
      head.writeUInt32BE(id, 5)
      return Buffer.concat([head, content])
    }
    const literal = (name: string, value: string) =>
      Buffer.from(
        `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
      )
    const fields = { ':method': 'PUT', ':path': '/b/k', ':scheme': 'http', ':authority': 'x' }
    const head = Object.entries({ ...fields, expect: '100-continue' })
    const cancelled = Buffer.of(0, 0, 0, 8)
    const packet = Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      frame(4, 0, 0, Buffer.alloc(0)),
      frame(1, 4, 1, Buffer.concat(head.map(([name, value]) => literal(name, value)))),
      frame(3, 0, 1, cancelled),
    ])
    for (let turn = 0; turn < 5; turn++) {
      const socket = connectTcp(server.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(packet)
      await once(socket, 'data')
      socket.destroy()
    }
    const answer = await fetch(server.url)
    expect(answer.status).toBe(403)
  })

  it('is asked by the default client of Bedrock', async () => {
    const bedrock = new BedrockRuntimeClient(clientOf())
    const asked = { modelId: 'model', messages: [] }
    await bedrock.send(new ConverseCommand(asked))
    const { stream = [] } = await bedrock.send(new ConverseStreamCommand(asked))
    for await (const event of stream) expect(event).toBeUndefined()
    bedrock.destroy()
    expect(server.verdicts.map(({ service, operation }) => [service, operation])).toEqual([
      ['bedrock', 'Converse'],
      ['bedrock', 'ConverseStream'],
    ])
    expect(reasons()).toEqual([true, true])
  })

  it('ends connections of both kinds when it is closed', async () => {
    const session = connect(server.url)
    session.on('error', () => {})
    await ask(session, '/', 's3')
    const idle = connectTcp(server.port, '127.0.0.1')
    idle.on('error', () => {})
    await once(idle, 'connect')
    const ended = [once(session, 'close'), once(idle, 'close')]
    await server.close()
    await Promise.all(ended)
    server = await createVerifyingServer()
  })
})

describe('its streams of events', () => {
  const words = ['one', 'two', 'three'.repeat(10_000)]

  it('are those of the default client of Transcribe, each event verified', async () => {
    const transcribe = new TranscribeStreamingClient(clientOf())
    const audio = async function* () {
      for (const word of words) yield { AudioEvent: { AudioChunk: bytes(word) } }
    }
    const { TranscriptResultStream = [] } = await transcribe.send(
      new StartStreamTranscriptionCommand({
        ...{ LanguageCode: 'en-US', MediaEncoding: 'pcm', MediaSampleRateHertz: 16_000 },
        AudioStream: audio(),
      }),
    )
    const events: unknown[] = []
    for await (const event of TranscriptResultStream) events.push(event)
    transcribe.destroy()
    const transcript = { TranscriptEvent: { Transcript: { Results: [] } } }
    expect(events).toEqual(words.map(() => transcript))
    const { events: sent = [], operation } = server.lastVerdict as Verdict
    expect(sent.map((event) => Buffer.from(codec.decode(event).body).toString())).toEqual(words)
    expect([operation, ...reasons()]).toEqual(['StartStreamTranscription', true])
  })

  it('go both ways at once', async () => {
    const bedrock = new BedrockRuntimeClient(clientOf())
    let answered: (value: string) => void = () => {}
    async function* asked() {
      for (const word of ['first', 'second']) {
        const answer = new Promise<string>((resolve) => {
          answered = resolve
        })
        yield { chunk: { bytes: bytes(word) } }
        // The next is not said before the answer has come.
        expect(await answer).toBe(word)
      }
    }
    const { body = [] } = await bedrock.send(
      new InvokeModelWithBidirectionalStreamCommand({ modelId: 'model', body: asked() }),
    )
    const heard: string[] = []
    for await (const { chunk } of body) {
      heard.push(Buffer.from(chunk?.bytes ?? []).toString())
      answered(heard.at(-1) ?? '')
    }
    bedrock.destroy()
    expect(heard).toEqual(['first', 'second'])
  })

  it('are refused where an event is altered, left out, or the end does not come', async () => {
    const { credentials } = server
    const url = `${server.url}/stream-transcription`
    const options = { service: 'transcribe', region, credentials }
    const alter = [
      (frames: Uint8Array[]) => [frames[1] as Uint8Array, ...frames.slice(2)],
      (frames: Uint8Array[]) => frames.slice(0, -1),
      (_: Uint8Array[]) => [bytes('no frame at all')],
      (frames: Uint8Array[]) => frames,
    ]
    for (const change of alter) {
      const signed = await sign({ method: 'POST', url }, { ...options, payload: EVENTS })
      const signer = createEventSigner(signed, options)
      const frames: Uint8Array[] = []
      for await (const frame of signer.frames(words.map(bytes), codec)) frames.push(frame)
      const body = Buffer.concat(change(frames))
      const answer = await fetch(url, { method: 'POST', headers: signed.headers, body })
      const said = await answer.text()
      expect(said.includes('BadRequestException')).toBe(change !== alter.at(-1))
    }
    expect(reasons()).toEqual(['signature-mismatch', 'payload-mismatch', 'payload-mismatch', true])
  })

  it('are refused at their request, where that is signed by another', async () => {
    const credentials = { ...server.credentials, secretAccessKey: 'another' }
    const transcribe = new TranscribeStreamingClient({ ...clientOf(), credentials, maxAttempts: 1 })
    const audio = async function* () {
      yield { AudioEvent: { AudioChunk: bytes('one') } }
    }
    const command = new StartStreamTranscriptionCommand({
      ...{ LanguageCode: 'en-US', MediaEncoding: 'pcm', MediaSampleRateHertz: 16_000 },
      AudioStream: audio(),
    })
    await expect(transcribe.send(command)).rejects.toThrow()
    transcribe.destroy()
    expect(reasons()).toEqual(['signature-mismatch'])
  })
})

describeWithPart('openssl', 'createVerifyingServer with a certificate', () => {
  it('speaks HTTP/2 as well', async () => {
    const { key, cert, remove } = makeCertificate()
    await server.close()
    server = await createVerifyingServer({ tls: { key, cert } })
    const session = connect(server.url, { ca: cert })
    expect(await ask(session, '/', 's3')).toMatchObject({ status: 200 })
    expect(session.alpnProtocol).toBe('h2')
    session.destroy()
    remove()
  })
})

describe('its clock', () => {
  const then = new Date('2015-08-30T12:36:00Z')
  const date = then.toUTCString()

  it('dates every answer', async () => {
    await server.close()
    server = await createVerifyingServer({ now: then, cors: '*' })
    const fetched = async (path: string, init: RequestInit = {}) =>
      (await fetch(server.url + path, init)).headers.get('date')
    const { url } = server
    const options = { service: 's3', region, credentials: server.credentials, signingDate: then }
    const { headers } = await sign({ url }, options)
    expect(await fetched('/', { headers })).toBe(date)
    expect(await fetched('/')).toBe(date)
    const ask = { origin: 'http://page', 'access-control-request-method': 'PUT' }
    expect(await fetched('/', { method: 'OPTIONS', headers: ask })).toBe(date)
    server.fail('internal-error')
    expect(await fetched('/', { headers })).toBe(date)
    const session = connect(server.url)
    const [answer] = await once(session.request(), 'response')
    expect(answer.date).toBe(date)
    session.destroy()
    const socket = connectTcp(server.port, '127.0.0.1')
    socket.end('four\r\n\r\n')
    expect(await text(socket)).toContain(`Date: ${date}`)
    const expecting = connectTcp(server.port, '127.0.0.1')
    expecting.end('GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n')
    expect(await text(expecting)).toMatch(/^HTTP\/1\.1 417 .*Date: Sun, 30 Aug 2015 12:36:00 GMT/is)
  })

  it('is the one that fake timers set', async () => {
    vi.useFakeTimers({ now: then })
    try {
      const aws = createSigner({ service: 's3', ...clientOf() })
      const put = await aws.fetch(`${server.url}/bucket/key`, { method: 'PUT', body: 'text' })
      expect(put.headers.get('date')).toBe(date)
      const got = await aws.fetch(`${server.url}/bucket/key`)
      expect(got.headers.get('last-modified')).toBe(date)
      expect(await got.text()).toBe('text')
    } finally {
      vi.useRealTimers()
    }
    expect(reasons()).toEqual([true, true])
  })
})
