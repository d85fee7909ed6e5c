import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Answered } from './case.ts'

/** What a client must be able to send wrongly, no client sends: one request over a bare socket. */
export async function send(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<Answered> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const isFramed = Object.keys(headers).some((name) =>
    /^(content-length|transfer-encoding)$/i.test(name),
  )
  if (!isFramed && (body.length || !/^(GET|HEAD|DELETE)$/.test(method)))
    lines.push(`Content-Length: ${body.length}`)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const head = [`${method} ${target} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n')
  socket.write(Buffer.concat([Buffer.from(head), body]))
  let text = `${await buffer(socket)}`
  const behindHead = () => text.slice(text.indexOf('\r\n\r\n') + 4)
  while (/^HTTP\/1\.1 1\d\d/.test(text)) text = behindHead()
  const content = behindHead()
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0),
    code: /<Code>([^<]*)<\/Code>/.exec(content)?.[1],
    content,
  }
}
