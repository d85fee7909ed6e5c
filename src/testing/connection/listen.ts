import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { concat, toBytes } from '../../lib/bytes.ts'
import type { Answer } from '../answers.ts'
import type { VerifyingServer, VerifyingServerOptions } from '../server-types.ts'

/** A request that is to be answered; one of HTTP/2 looks as one of HTTP/1.1 does. */
export interface Exchange {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  /** Reads the body as far as it comes; it is not whole where its sender breaks off. */
  read(): Promise<{ readonly body: Uint8Array; readonly isWhole: boolean }>
}

/** A field as HTTP can send it: what has other characters than its own has them in UTF-8, and none that ends it. */
const sendable = ([name, value]: [string, string]): [string, string] => {
  const bytes = /[^\0-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value
  return [name, bytes.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ')]
}

/** Sends an answer; what has no body by HTTP's rules is sent without. */
export function send(
  { message, response }: Exchange,
  { status = 200, headers, body = '' }: Answer,
): void {
  const bytes = toBytes(body)
  const hasBody = status !== 204 && status !== 304
  const size = hasBody && { 'content-length': String(bytes.byteLength) }
  // JSON is answered in the version that it was asked in.
  const [version] =
    /^application\/x-amz-json-1\.\d/.exec(message.headers['content-type'] ?? '') ?? []
  const isJson = /^application\/x-amz-json/.test(headers?.['content-type'] ?? '')
  const type = version && isJson && { 'content-type': version }
  const own = { ...size, 'x-amz-request-id': 'countersign', ...headers, ...type }
  response.writeHead(status, Object.fromEntries(Object.entries(own).map(sendable)))
  response.end(message.method === 'HEAD' || !hasBody ? undefined : bytes)
}

/** Listens on the loopback for HTTP/1.1 and HTTP/2, which is told by its preface, in the clear and under TLS. */
export async function listen(
  answer: (exchange: Exchange) => unknown,
  { port = 0, tls }: Pick<VerifyingServerOptions, 'port' | 'tls'>,
  now: () => Date,
): Promise<Pick<VerifyingServer, 'port' | 'close'>> {
  const reading = new WeakMap<Duplex, () => void>()
  const sockets = new Set<Socket>()

  const read = (message: IncomingMessage): ReturnType<Exchange['read']> =>
    new Promise((resolve) => {
      const { socket } = message
      const pieces: Uint8Array[] = []
      const end = (isWhole: boolean) => {
        reading.delete(socket)
        resolve({ body: concat(pieces), isWhole })
      }
      const cut = () => end(false)
      reading.set(socket, cut)
      message
        .on('data', (piece: Uint8Array) => pieces.push(piece))
        .once('end', () => end(!message.aborted))
        .once('aborted', cut)
        .once('error', cut)
    })

  const onRequest = (message: IncomingMessage, response: ServerResponse) =>
    answer({ message, response, read: () => read(message) })

  // A sender that ends its half of the connection in the middle of a body can still be answered, as S3
  // does; node:http would answer a bare 400, and end neither the request nor its body.
  function onClientError({ code }: NodeJS.ErrnoException, socket: Duplex): void {
    const cut = code === 'HPE_INVALID_EOF_STATE' ? reading.get(socket) : undefined
    const head = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nDate: ${now().toUTCString()}`
    if (cut) cut()
    else if (socket.writable) socket.end(`${head}\r\n\r\n`)
    else socket.destroy()
  }

  const http1 = createHttpServer(onRequest)
    .on('checkExpectation', onRequest)
    .on('clientError', onClientError)
  // Its compatible objects have all that is asked of them here.
  const http2 = createHttp2Server(onRequest as never)
    .on('sessionError', () => {})
    .on('checkContinue', (message, response) => {
      // Node would say so itself, and fail where the stream is gone by now.
      if (!response.stream.destroyed) response.writeContinue()
      onRequest(message as never, response as never)
    })

  function onConnection(socket: Socket): void {
    sockets.add(socket)
    socket
      .on('error', () => socket.destroy())
      .once('close', () => sockets.delete(socket))
      .once('readable', () => {
        const head: Buffer | null = socket.read()
        if (!head) return void socket.destroy()
        socket.unshift(head)
        const isHttp2 = head.toString('latin1', 0, 3) === 'PRI'
        ;(isHttp2 ? http2 : http1).emit('connection', socket)
      })
  }
  const server = tls
    ? createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, onConnection)
    : createServer({ allowHalfOpen: true }, onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
