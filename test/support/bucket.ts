import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Credentials } from 'countersign'
import { createVerifyingServer, type Verdict } from 'countersign/testing'
import type { Running } from '../real/parts.ts'
import { listen, shut } from './loopback.ts'

/** What browsers reach of a bucket: a server that lets every origin in, before one that verifies. */
export interface Bucket extends Running {
  readonly port: number
  /** Every request that came through, but for the browser's own questions. */
  readonly verdicts: readonly Verdict[]
}

export interface BucketOptions {
  readonly credentials: Credentials
  /** Makes it an https server: of HTTP/1.1, as S3 is, or of HTTP/2. Default: plain http. */
  readonly tls?: {
    readonly key: string
    readonly cert: string
    readonly protocol: 'http1' | 'http2'
  }
}

const EXPOSED = { 'access-control-expose-headers': 'date, etag' }

/** What `AllowedHeaders: ['*']` of a bucket's CORS rules answers. */
const allowed = (asked: IncomingMessage['headers']) => ({
  'access-control-allow-methods': 'GET, PUT',
  'access-control-allow-headers': `${asked['access-control-request-headers']}`,
})

/** Slow enough for an upload to be watched. */
async function* slowly(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of source) {
    await setTimeout(2)
    yield part
  }
}

type Handler = (incoming: IncomingMessage, answer: ServerResponse) => void

function serverOf(tls: BucketOptions['tls'], handler: Handler): Server {
  if (!tls) return createServer(handler)
  if (tls.protocol === 'http1') return createHttpsServer(tls, handler)
  // Its requests and answers are those of node:http, but in their types.
  return createSecureServer(tls, handler as never) as unknown as Server
}

/** Starts it; its requests are told by the names that the browser asked for. */
export async function startBucket({ credentials, tls }: BucketOptions): Promise<Bucket> {
  const aws = await createVerifyingServer({ credentials })
  const handler: Handler = async (incoming, answer) => {
    const { method = '', url = '', headers } = incoming
    const opened = { 'access-control-allow-origin': headers.origin ?? '*' }
    if (method === 'OPTIONS')
      return void answer.writeHead(204, { ...opened, ...allowed(headers) }).end()
    // HTTP/2 has its own fields, one of which is the host.
    const host = headers.host ?? `${headers[':authority' as 'host']}`
    const fields = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
    const sent = httpRequest({
      ...{ host: '127.0.0.1', port: aws.port, method, path: url },
      headers: { ...Object.fromEntries(fields), host },
    })
    sent.once('response', (response) => {
      const { connection: _, 'keep-alive': __, ...own } = response.headers
      answer.writeHead(response.statusCode ?? 500, { ...own, ...opened, ...EXPOSED })
      response.pipe(answer)
    })
    await pipeline(incoming, slowly, sent)
  }
  const server = serverOf(tls, handler)
  return {
    port: await listen(server),
    verdicts: aws.verdicts,
    async stop() {
      await shut(server)
      await aws.close()
    },
  }
}
