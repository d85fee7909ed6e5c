import { once } from 'node:events'
import { Agent, createServer, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ByteSource, decodeChunked, encodeChunked } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { listen } from '../support/loopback.ts'
import { credentials, decode, inPieces, noise, now, upload } from './support.ts'

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const options = { credentials, region: 'eu-west-1', signingDate: now }
const encode = (source: ByteSource) => encodeChunked({ url }, source, options)

describe('the source of an encoder', () => {
  const counting = () => {
    const seen = { pieces: 0, ended: false }
    async function* source() {
      try {
        for (;;) {
          seen.pieces++
          yield noise(65_536)
        }
      } finally {
        seen.ended = true
      }
    }
    return { seen, source: source() }
  }

  it('nothing is read before the body is, and no more than is asked for', async () => {
    const { seen, source } = counting()
    const { body } = await encode(source)
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(seen.pieces).toBe(0)
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    for (let chunk = 1; chunk <= 3; chunk++) {
      await reader.read()
      await reader.read()
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(seen.pieces).toBe(chunk)
    }
    await reader.cancel()
    expect(seen.ended).toBe(true)
  })

  it('cancelling a web stream passes the reason on', async () => {
    const reasons: unknown[] = []
    const source = new ReadableStream({ cancel: (reason) => void reasons.push(reason) })
    const { body } = await encode(source)
    await (body as ReadableStream).cancel('enough')
    expect(reasons).toEqual(['enough'])
  })

  it('cancelling destroys a Node stream that has nothing to say', async () => {
    const source = new Readable({ read() {} })
    const { body } = await encode(source)
    const reader = (body as ReadableStream).getReader()
    const pending = reader.read()
    await reader.cancel()
    expect(source.destroyed).toBe(true)
    expect((await pending).done).toBe(true)
  })

  it('cancelling does not wait for a generator that never answers', async () => {
    async function* source() {
      await new Promise(() => {})
      yield noise(1)
    }
    const { body } = await encode(source())
    const reader = (body as ReadableStream).getReader()
    const pending = reader.read()
    await reader.cancel()
    expect((await pending).done).toBe(true)
  })
})

const signed = () => upload(noise(70_000))
const trailing = () => upload(noise(70_000), { checksum: 'crc32' })

describe('the source of a decoder', () => {
  it('is read no further than is asked for, and cancelled with the stream', async () => {
    const { bytes, verified } = await signed()
    const reasons: unknown[] = []
    let pieces = 0
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(bytes.subarray(pieces * 10_000, ++pieces * 10_000))
        },
        cancel: (reason) => void reasons.push(reason),
      },
      { highWaterMark: 0 },
    )
    const reader = (decodeChunked(source, verified) as ReadableStream).getReader()
    expect(pieces).toBe(0)
    await reader.read()
    expect(pieces).toBe(7)
    await reader.cancel('enough')
    expect(reasons).toEqual(['enough'])
  })

  it('is released at a fault, and not cancelled', async () => {
    const { verified } = await signed()
    const source = new ReadableStream({ start: (it) => it.enqueue(Buffer.from('hello\r\n')) })
    expect((await decode(source, verified)).code).toBe('invalid-chunk')
    expect(source.locked).toBe(false)
    const node = new Readable({ read() {} })
    node.push('hello\r\n')
    expect((await decode(node, verified)).code).toBe('invalid-chunk')
    expect(node.destroyed).toBe(false)
  })

  it("lets a server answer what it refuses, and take the connection's next request", async () => {
    const { bytes, signed, verified } = await trailing()
    const tampered = Buffer.from(bytes)
    tampered[100] = (tampered[100] ?? 0) ^ 1
    const server = createServer(async (request, response) => {
      const { code, bytes } = await decode(request, verified)
      request.resume()
      response.statusCode = code ? 400 : 200
      response.end(code ?? String(bytes.length))
    })
    const port = await listen(server)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = async (body: Uint8Array) => {
      const { 'content-length': _, ...headers } = signed.headers
      const request = httpRequest({ host: '127.0.0.1', port, method: 'PUT', agent, headers })
      await pipeline(inPieces(body, [5, 500, 66_000]), request)
      const [response] = await once(request, 'response')
      const text = Buffer.concat(await response.toArray()).toString()
      return `${response.statusCode} ${text}`
    }
    for (let turn = 0; turn < 3; turn++) {
      expect(await send(tampered)).toBe('400 chunk-mismatch')
      expect(await send(bytes)).toBe('200 70000')
    }
    agent.destroy()
    server.close()
  })
})
