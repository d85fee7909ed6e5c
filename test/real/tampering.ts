import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { listen } from '../support/loopback.ts'

/** Where a request is altered on its way; `nowhere` shows that passing the proxy does no harm. */
export type Place = 'nowhere' | 'header' | 'path' | 'body' | 'trailer' | 'end'

/** Marks what was altered; unsigned, and so of no account to the signature. */
export const MARK = 'x-was-altered'

interface Passing {
  target: string
  headers: string[]
  body: Buffer
}

/** Another digit, letter or byte in place of the one that stands there. */
const otherDigit = (digit: string): string => String((Number(digit) + 1) % 6)

const ALTER: Readonly<Record<Place, (request: Passing) => Passing | undefined>> = {
  nowhere: () => undefined,
  header: ({ target, headers, body }) => {
    const at = headers.findIndex((name, index) => index % 2 === 0 && /^x-amz-date$/i.test(name))
    const otherDate = (text: string) =>
      text.replace(/(\d{8}T\d{4})(\d)/, (_, kept, digit) => kept + otherDigit(digit))
    // A presigned request has its date in the query.
    if (at < 0) return { target: target.replace(/X-Amz-Date=\w+/, otherDate), headers, body }
    return { target, headers: headers.with(at + 1, otherDate(headers[at + 1] ?? '')), body }
  },
  path: ({ target, headers, body }) => {
    const [path = '', ...query] = target.split('?')
    const other = path === '/' ? '/x' : path.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'))
    return { target: [other, ...query].join('?'), headers, body }
  },
  body: ({ target, headers, body }) => {
    if (body.length === 0) return undefined
    const other = Buffer.from(body)
    const middle = body.length >> 1
    other[middle] = (other[middle] ?? 0) ^ 1
    return { target, headers, body: other }
  },
  // Another checksum, spelled as a checksum is.
  trailer: ({ target, headers, body }) => {
    const field = body.lastIndexOf('\nx-amz-checksum-')
    if (field < 0) return undefined
    const other = Buffer.from(body)
    const at = other.indexOf(':', field) + 1
    other[at] = other[at] === 65 ? 66 : 65
    return { target, headers, body: other }
  },
  // Half of it, after which the connection ends.
  end: ({ target, headers, body }) =>
    body.length === 0 ? undefined : { target, headers, body: body.subarray(0, body.length >> 1) },
}

/**
 * A proxy on the loopback that alters one byte of each request, or cuts its body; it answers what it
 * is answered. With
 * a certificate it speaks https to the client.
 */
export async function startProxy(
  upstream: number,
  place: Place,
  tls?: { readonly key: string; readonly cert: string },
) {
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const passing = {
      target: incoming.url ?? '/',
      headers: incoming.rawHeaders,
      body: await buffer(incoming),
    }
    const altered = ALTER[place](passing)
    const { target, headers, body } = altered ?? passing
    const framed = headers.filter(
      (_, at) => !/^(transfer-encoding|expect)$/i.test(headers[at - (at % 2)] ?? ''),
    )
    const onward = httpRequest({
      ...{ host: '127.0.0.1', port: upstream, agent: false, path: target },
      ...{ method: incoming.method, setHost: false },
      headers: [...framed, ...(altered ? [MARK, place] : [])],
    })
    if (body.length < passing.body.length) onward.write(body, () => onward.socket?.end())
    else onward.end(body)
    const [answer] = await once(onward, 'response')
    response.writeHead(answer.statusCode, answer.rawHeaders)
    answer.pipe(response)
  }
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    // A client that gives up in the middle is no fault of the proxy's.
    pass(incoming, response).catch(() => response.destroy())
  }
  const proxy = tls ? createHttpsServer(tls, handle) : createServer(handle)
  const port = await listen(proxy)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () => {
      proxy.close()
      proxy.closeAllConnections()
    },
  }
}
