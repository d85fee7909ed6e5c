import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { SignedRequest } from 'countersign'
import { request as undiciRequest } from 'undici'
import type { WireRequest } from './reference.ts'
import { listen, shut } from './support/loopback.ts'

/** What a client hears back. */
export interface Answer {
  readonly status: number
  readonly body: Buffer
}

export type Send = (signed: SignedRequest) => Promise<Answer>

/** The request target of an absolute URL, as it must stand on the wire. */
export const targetOf = (url: string): string => url.replace(/^\w+:\/\/[^/?]*\/?/, '/')

/** URL parsers write this one character of a query otherwise; both spellings mean the same. */
export const parsed = (target: string): string => {
  const [path = '', ...query] = target.split('?')
  return [path, ...query.map((part) => part.replaceAll("'", '%27'))].join('?')
}

/** By node:http, whose parser reads the URL, or that is handed the target as it stands. */
const byNode =
  (raw: boolean): Send =>
  async ({ url, method, headers, body }) => {
    const path = raw ? { path: targetOf(url) } : {}
    const sent = httpRequest(raw ? new URL('/', url) : url, { method, headers, ...path })
    // Node writes head and body in one encoding, UTF-8, where a text is ended with at once.
    sent.end(typeof body === 'string' ? Buffer.from(body) : (body ?? undefined))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, body: await buffer(response) }
  }

/** The clients of Node. All but the last parse the URL, and could spell it anew. */
export const senders = {
  fetch: async (signed) => {
    const response = await fetch(signed.url, signed as RequestInit)
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
  },
  undici: async ({ url, method, headers, body }) => {
    const response = await undiciRequest(url, {
      method: method as 'GET',
      headers,
      body: body as string | Uint8Array | null,
    })
    return { status: response.statusCode, body: Buffer.from(await response.body.arrayBuffer()) }
  },
  'node:http': byNode(false),
  'node:http with a raw target': byNode(true),
} satisfies Record<string, Send>

export interface Recorder {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** What came in since the last call. */
  take(): WireRequest[]
  stop(): Promise<void>
}

/** A loopback server that answers 200 and keeps each request as it came over the wire. */
export async function startRecorder(answerHeaders: Record<string, string> = {}): Promise<Recorder> {
  const received: WireRequest[] = []
  const server = createServer(async (request, response) => {
    const { rawHeaders, method = '', url: target = '' } = request
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
    )
    received.push({ method, target, headers, body: await buffer(request) })
    response.writeHead(200, answerHeaders).end()
  })
  const port = await listen(server)
  return {
    origin: `http://127.0.0.1:${port}`,
    take: () => received.splice(0),
    stop: () => shut(server),
  }
}

/** Paths and queries as a caller may spell them. */
export const hostileTargets: readonly string[] = [
  ...['', '/', '//', '///a//b/', '/a/', '/a b', '/ a ', '/ü', '/日本/😀', '/e\u0301', '/%C3%BC'],
  ...['/%c3%bc', '/%7E~%41', '/%zz', '/100%', '/%2', '/%2F%2f', '/a%20b', '/%25zz', '/a+b'],
  ...['/a%2Bb', '/a|b', '/a^b', "/a'b", '/a[1]', '/{a}', '/`a`', '/"a"', '/<a>', '/a..b'],
  ...['/a,;:@&=$!*()', '/...', '/%00%0A', '/%5C', '/%23%3F', '/a:b@c', '/\u00a0', '/constructor'],
  ...['?', '?a', '?=', '?=1', '?a=', '?a=b=c', '?a&&b', '?&', '?a=1&a=2&a=1', '?b&a', '?a=?&b=/'],
  ...['?a=x y', '?a=x+y', '?a=x%2By', '?ü=é', '?p[page]=1&p[pageSize]=2', "?a=!'()*", '?a=|^`{}'],
  ...['?__proto__=1', '?a=%zz&b=%', '?a="<>"', '?A=1&a=1&0=1', '?a=%e9', '?X=~&x=%7E', '?a=\u2028'],
]
