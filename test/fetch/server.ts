import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verify } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { timeOf } from '../behaviours/loopback.ts'
import { exampleSession } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import type { Answer, Place, Reply, Seen, Situation } from './situation.ts'

const MINUTE = 60_000

/** Two servers on the loopback that answer as situations tell. */
export interface Servers {
  /** Where a situation takes place, from its beginning. */
  enter(situation: Situation): Place
  /** What was sent since. */
  requests(): readonly Seen[]
  /** The origin of the first, which gives out what is under `files` as well. */
  readonly origin: string
  stop(): Promise<void>
}

/** What the request says, and whether its signature holds for whatever region and service it names. */
async function read(request: IncomingMessage, prefix: string): Promise<Seen> {
  const at = Date.now()
  const body = await buffer(request)
  const { headers, method = '', url = '' } = request
  const [, date, region, service = ''] =
    /Credential=[^/]+\/([^/]+)\/([^/]+)\/([^/]+)/.exec(`${headers.authorization}`) ?? []
  const verdict = await verify(receivedFrom(request, body), {
    service,
    now: new Date(timeOf(headers['x-amz-date'])),
    pathForm: 'any',
    // The token is the situation's: whichever came is the right one.
    credentials: () => {
      const sessionToken = headers['x-amz-security-token'] as string | undefined
      const { sessionToken: _, ...key } = exampleSession
      return sessionToken ? { ...key, sessionToken } : key
    },
  })
  return {
    method,
    target: url.slice(prefix.length - 1),
    headers: headers as Seen['headers'],
    body: body.toString(),
    minutes: Math.round((timeOf(headers['x-amz-date']) - at) / MINUTE) || 0,
    region: date && region,
    signedHeaders: verdict.ok ? verdict.signedHeaders : [],
    reason: verdict.ok ? undefined : verdict.reason,
    at,
  }
}

async function respond(response: ServerResponse, answer: Answer, origin: string | undefined) {
  const { status = 200, headers = {}, body = '', ahead = 0, fate } = answer
  if (fate === 'cut') return void response.socket?.destroy()
  response.writeHead(status, {
    date: new Date(Date.now() + ahead * MINUTE).toUTCString(),
    ...(origin && { 'access-control-allow-origin': origin }),
    ...headers,
  })
  if (fate === 'endless') return void response.write('<Error>')
  if (fate !== 'enormous') return void response.end(body)
  const part = Buffer.alloc(65_536, '<a>')
  const closed = once(response, 'close')
  for (let sent = 0; sent < 1600 && !response.destroyed; sent++)
    if (!response.write(part)) await Promise.race([once(response, 'drain'), closed])
  response.end()
}

/** Starts them, with files for those who come from a browser. */
export async function startServers(
  files: Readonly<Record<string, { type: string; body: string }>> = {},
): Promise<Servers> {
  let replies: readonly Reply[] = []
  let seen: Seen[] = []
  let prefix = '/'
  let entered = 0
  let place: Place = { here: '', there: '' }

  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', method, headers } = request
    const file = files[url]
    if (file) return void response.writeHead(200, { 'content-type': file.type }).end(file.body)
    if (method === 'OPTIONS')
      return void response
        .writeHead(204, {
          'access-control-allow-origin': headers.origin ?? '*',
          'access-control-allow-methods': '*',
          'access-control-allow-headers': `${headers['access-control-request-headers']}`,
        })
        .end()
    // What comes late, of a situation that is over, belongs to none.
    if (!url.startsWith(prefix)) return void response.writeHead(404).end()
    const one = await read(request, prefix)
    seen.push(one)
    const reply = replies[seen.length - 1] ?? replies[replies.length - 1] ?? {}
    const answer = typeof reply === 'function' ? reply(one, place) : reply
    await respond(response, answer, headers.origin)
  }
  const both = [createServer(handler), createServer(handler)] as const
  const [here, there] = (await Promise.all(both.map((server) => listen(server)))).map(
    (port) => `http://127.0.0.1:${port}`,
  ) as [string, string]
  return {
    origin: here,
    enter(situation) {
      seen = []
      replies = situation.replies ?? []
      prefix = `/${entered++}/`
      place = { here: `${here}${prefix}`, there: `${there}${prefix}` }
      return place
    },
    requests: () => seen,
    stop: async () => void (await Promise.all(both.map((server) => shut(server)))),
  }
}
