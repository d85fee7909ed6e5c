import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { referenceSignature } from '../reference.ts'
import { targetOf } from '../senders.ts'
import { listen, shut } from '../support/loopback.ts'
import { secretAccessKey } from './suite/common.ts'
import type { Cell, Facts, Place } from './suite/task.ts'

/** What a place has reported: the cells, or why it could not run them. */
export type Report = { readonly cells: readonly Cell[] } | { readonly failure: string }

/** A page or script that a browser is given. */
export interface Served {
  readonly type: 'text/html' | 'text/javascript'
  readonly body: string
}

/** A loopback server that gives places their tasks, takes their reports, and judges signatures. */
export interface Station {
  readonly port: number
  /** What a place has reported, once it has. */
  report(place: string): Promise<Report>
  stop(): Promise<void>
}

/** Whether a request carries the signature that a server of AWS would compute. */
async function judge(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', rawHeaders } = request
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  )
  const body = await buffer(request)
  const wire = { method, target: targetOf(url), headers, body }
  const { expected, received } = referenceSignature(wire, secretAccessKey)
  response.writeHead(expected === received ? 200 : 403).end()
}

/** Opens a station for places by their names; `served` are files by their paths. */
export async function openStation(
  facts: Facts,
  places: Readonly<Record<string, Place>>,
  served: Readonly<Record<string, Served>> = {},
): Promise<Station> {
  const takers: Record<string, (report: Report) => void> = {}
  const reports: Record<string, Promise<Report>> = Object.fromEntries(
    Object.keys(places).map((name) => [
      name,
      new Promise<Report>((resolve) => {
        takers[name] = resolve
      }),
    ]),
  )
  const server = createServer(async (request, response) => {
    // A proxy is sent whole URLs.
    const { pathname, origin } = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const [, what = '', name = ''] = decodeURIComponent(pathname).split('/')
    const place = places[name]
    const file = served[pathname]
    if (what === 'judge') await judge(request, response)
    else if (what === 'task' && place) response.end(JSON.stringify({ facts, place, origin }))
    else if (what === 'report' && place) {
      takers[name]?.(JSON.parse(await text(request)) as Report)
      response.end()
    } else if (file)
      response
        .writeHead(200, {
          'content-type': `${file.type}; charset=utf-8`,
          'cache-control': 'no-store',
        })
        .end(file.body)
    else response.writeHead(404).end()
  })
  const port = await listen(server)
  return {
    port,
    report: (name) => reports[name] ?? Promise.reject(new Error(`there is no place ${name}`)),
    stop: () => shut(server),
  }
}
