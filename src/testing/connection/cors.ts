import type { IncomingMessage } from 'node:http'
import type { Answer } from '../answers.ts'
import { errorAnswer } from '../protocols/protocols.ts'
import { s3Error } from '../s3/store.ts'

/** The origins of pages that may ask. */
export type Origins = '*' | readonly string[] | undefined

/** An answer that a page may read, with all that stands in its header. */
export function readable(origins: Origins, message: IncomingMessage, answer: Answer): Answer {
  const { origin = '' } = message.headers
  if (origin === '' || !(origins === '*' || origins?.includes(origin))) return answer
  const names = ['date', 'x-amz-request-id', ...Object.keys(answer.headers ?? {})]
  const headers = {
    'access-control-allow-origin': origins === '*' ? '*' : origin,
    'access-control-expose-headers': names.join(', '),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** The answer to what a browser asks before the page's own request; undefined where this is none. */
export function preflightAnswer(origins: Origins, message: IncomingMessage): Answer | undefined {
  const { method, headers } = message
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method']
  if (!origins || !isPreflight) return undefined
  const allowed = {
    'access-control-allow-methods': 'GET, PUT, POST, DELETE, HEAD, PATCH',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': '3000',
  }
  const isAllowed = origins === '*' || origins.includes(headers.origin ?? '')
  return isAllowed ? { headers: allowed } : errorAnswer('s3', s3Error('AccessForbidden'))
}
