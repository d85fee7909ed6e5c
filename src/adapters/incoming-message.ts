import { type Field, fieldsOf } from '../lib/fields.ts'
import type { ReceivedRequest } from '../model/verify-types.ts'

/** What is read of node:http's `IncomingMessage` and of HTTP/2's `Http2ServerRequest`. */
export interface IncomingMessageLike {
  /** As it stood in the request line. Default: `GET`. */
  readonly method?: string | undefined
  /** The raw request target. Default: `/`. */
  readonly url?: string | undefined
  /** Express and Connect keep the raw target here, as they rewrite `url` for a mounted router. Default: `url`. */
  readonly originalUrl?: string | undefined
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  /** What an application reads: of very many lines Node leaves out the last. Default: all of `rawHeaders`. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined
  /** Where it came in: its server says of how many lines an application reads. Default: of 1000, as Node has it. */
  readonly socket?: object | undefined
}

/** What a connection of `node:http` knows of its server. */
interface OfServer {
  readonly server?: { readonly maxHeadersCount?: number | null }
}

/** Of more lines than a server's `maxHeadersCount` Node before 22.15 has the rest in `rawHeaders`, and in no `headers`. */
const MOST_LINES = 1000

/** How many lines an application reads of a message: HTTP/2 has all of them in its `headers`. */
function linesOf({ rawHeaders, socket }: IncomingMessageLike): number {
  if (rawHeaders[0]?.startsWith(':')) return rawHeaders.length
  const { maxHeadersCount } = (socket as OfServer | undefined)?.server ?? {}
  return maxHeadersCount === 0 ? rawHeaders.length : (maxHeadersCount ?? MOST_LINES)
}

/**
 * The lines that an application reads too. What was signed and is not among them did not arrive:
 * anybody on the way could push it out of sight by lines of their own before it.
 */
function linesRead(message: IncomingMessageLike): Field[] {
  const { rawHeaders, headers } = message
  const fields = [...fieldsOf(rawHeaders)]
  return headers
    ? fields
        .slice(0, linesOf(message))
        .filter(([name]) => headers[name.toLowerCase()] !== undefined)
    : fields
}

/** HTTP/2 lets a client split its cookies over several fields; they are one again, as it signed them. */
function joinCookies(fields: readonly Field[]): Field[] {
  const isCookie = ([name]: Field) => name.toLowerCase() === 'cookie'
  const cookies = fields.filter(isCookie).map(([, value]) => value)
  const others = fields.filter((field) => !isCookie(field))
  return cookies.length > 0 ? [...others, ['cookie', cookies.join('; ')]] : others
}

/**
 * The request that a node:http, https or HTTP/2 server received, as its sender spelled it: the raw
 * target and the raw header fields, nothing decoded or joined.
 *
 * Takes an Express request too, and Fastify's `request.raw`. The body is read by the caller, before
 * any parser has had it. Default: an empty body.
 *
 * @example
 * import rawBody from 'raw-body'
 * const received = receivedFrom(request, await rawBody(request, { limit: '1mb' }))
 * const result = await verify(received, { service: 's3', credentials: (id) => keys.get(id) })
 */
export function receivedFrom(
  message: IncomingMessageLike,
  body?: Uint8Array | string,
): ReceivedRequest {
  const { method = 'GET', url = '/', originalUrl = url } = message
  const fields = linesRead(message)
  const multiplexed = fields.some(([name]) => name.startsWith(':'))
  return {
    method,
    url: originalUrl,
    headers: multiplexed ? joinCookies(fields) : fields,
    ...(body !== undefined && { body }),
  }
}
