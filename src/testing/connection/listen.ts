import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { VerifyingServerOptions } from '../server-types.ts'
import type { Bodies } from './bodies.ts'

/** Answers a request; one of HTTP/2 looks as one of HTTP/1.1 does. */
export type Handler = (message: IncomingMessage, response: ServerResponse) => Promise<void>

/** A port that is listened on. */
export interface Listening {
  readonly port: number
  /** Ends it, and every connection. */
  close(): Promise<void>
}

/** Listens on the loopback for HTTP/1.1 and HTTP/2, which is told by its preface, in the clear and under TLS. */
export async function listen(
  handle: Handler,
  { port = 0, tls }: Pick<VerifyingServerOptions, 'port' | 'tls'>,
  { onClientError }: Bodies,
): Promise<Listening> {
  const http1 = createHttpServer(handle)
    .on('checkExpectation', handle)
    .on('clientError', onClientError)
  // Its compatible objects have all that is asked of them here.
  const http2 = createHttp2Server()
    .on('request', (message, response) => handle(message as never, response as never))
    .on('sessionError', () => {})
  const sockets = new Set<Socket>()

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
