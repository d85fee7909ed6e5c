import type { IncomingMessage, ServerResponse } from 'node:http'
import { toBytes } from '../../lib/bytes.ts'
import type { Answer } from '../answers.ts'

/** Sends an answer; what has no body by HTTP's rules is sent without. */
export function send(
  response: ServerResponse,
  { method, headers: asked }: IncomingMessage,
  { status = 200, headers, body = '' }: Answer,
): void {
  const bytes = toBytes(body)
  const hasBody = status !== 204 && status !== 304
  const size = hasBody ? { 'content-length': String(bytes.byteLength) } : {}
  // JSON is answered in the version that it was asked in.
  const [version] = /^application\/x-amz-json-1\.\d/.exec(asked['content-type'] ?? '') ?? []
  const isJson = /^application\/x-amz-json/.test(headers?.['content-type'] ?? '')
  const type = version && isJson ? { 'content-type': version } : {}
  const own = { ...size, 'x-amz-request-id': 'countersign', ...headers, ...type }
  response.writeHead(status, own)
  response.end(method === 'HEAD' || !hasBody ? undefined : bytes)
}
