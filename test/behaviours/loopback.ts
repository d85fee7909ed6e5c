import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen, shut } from '../support/loopback.ts'

/** A request as the server saw it. */
export interface Seen {
  method: string
  target: string
  headers: IncomingMessage['headers']
  body: string
}

/** Answers the request that is the nth, counted from 1. */
export type Answer = (seen: Seen, response: ServerResponse, nth: number) => void

export interface Loopback {
  url: string
  /** Every request so far, in order. */
  requests: Seen[]
  close(): Promise<void>
}

/** A server on the loopback that remembers what it was asked. */
export async function serve(answer: Answer): Promise<Loopback> {
  const requests: Seen[] = []
  const server = createServer(async (request, response) => {
    response.sendDate = false
    const { method = '', url: target = '', headers } = request
    const seen = { method, target, headers, body: await text(request) }
    requests.push(seen)
    answer(seen, response, requests.length)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () => shut(server),
  }
}

const basic = (time: number) => `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** The time that an X-Amz-Date writes. */
export const timeOf = (amzDate: unknown): number =>
  Date.parse(
    `${amzDate}`.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )

/** The time at which a request says it was signed. */
export const signedAt = ({ headers }: Seen): number => timeOf(headers['x-amz-date'])

const MINUTE = 60_000

/** S3's answer to a wrong clock. */
export const s3Skew = (signed: number, now: number): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message><RequestTime>${basic(signed)}</RequestTime><ServerTime>${new Date(now).toISOString().slice(0, 19)}Z</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds></Error>`

/** The two messages of the other services: the clock is behind, or ahead. */
export const skewMessage = (signed: number, now: number): string =>
  signed < now
    ? `Signature expired: ${basic(signed)} is now earlier than ${basic(now - 5 * MINUTE)} (${basic(now)} - 5 min.)`
    : `Signature not yet current: ${basic(signed)} is still later than ${basic(now + 5 * MINUTE)} (${basic(now)} + 5 min.)`

export const jsonSkew = (signed: number, now: number): string =>
  JSON.stringify({ message: skewMessage(signed, now) })

export const xmlSkew = (signed: number, now: number): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${skewMessage(signed, now)}</Message></Error></ErrorResponse>`

export interface Clock {
  /** Milliseconds that the server's clock is ahead of ours. */
  ahead: number
  skew: (signed: number, now: number) => string
  status?: number
  /** Browsers do not show the Date of another origin. */
  hideDate?: boolean
  headers?: Record<string, string>
}

/** Answers as AWS does: 200 within five minutes of the server's clock, else by blaming the clock. */
export const byClock =
  (clock: Clock): Answer =>
  (seen, response) => {
    const now = Date.now() + clock.ahead
    const late = Math.abs(signedAt(seen) - now) > 5 * MINUTE
    response.writeHead(late ? (clock.status ?? 403) : 200, {
      ...(!clock.hideDate && { date: new Date(now).toUTCString() }),
      ...clock.headers,
    })
    response.end(late ? clock.skew(signedAt(seen), now) : 'done')
  }
