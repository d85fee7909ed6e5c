import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { concat, toBytes } from '../lib/bytes.ts'
import { type Field, fieldOf, formatField } from '../lib/fields.ts'
import type { Draft } from './draft.ts'
import type { Place } from './place.ts'
import { BOUNDARY } from './wrong-signer.ts'

/** The most bytes of an answer that are read. */
const MOST = 1024 * 1024

/** What came back, as far as it is read. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** A request as bytes. */
export interface Wire {
  readonly method: string
  readonly target: string
  readonly fields: readonly Field[]
  readonly body: Uint8Array
  readonly bytes: Uint8Array
}

/** The body of a form, its file last, unless a field was put behind it. */
function formBody(form: readonly Field[]): Uint8Array {
  const parts = form.map(([name, value]) => {
    const file = name === 'file' ? '; filename="probe.txt"\r\ncontent-type: text/plain' : ''
    return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`
  })
  return Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`, 'latin1')
}

/** Writes a draft as HTTP/1.1, each byte as it is; what frames the message is added where it is missing. */
export function wireOf(draft: Draft): Wire {
  const { method, target, form } = draft
  const body = form ? formBody(form) : draft.body
  const has = (name: string) => fieldOf(draft.fields, name) !== undefined
  const needsLength = body.byteLength > 0 || /^(PUT|POST|PATCH)$/.test(method)
  const fields = [
    ...draft.fields,
    ...(needsLength && !has('content-length') && !has('transfer-encoding')
      ? [['content-length', `${body.byteLength}`] as const]
      : []),
    ...(has('connection') ? [] : [['connection', 'close'] as const]),
  ]
  const head = `${method} ${target} HTTP/1.1\r\n${fields.map((it) => `${formatField(it)}\r\n`).join('')}\r\n`
  return { method, target, fields, body, bytes: concat([Buffer.from(head, 'latin1'), body]) }
}

/** Reads an answer's body as far as it is of use. */
async function readAnswer(answer: IncomingMessage): Promise<Received> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of answer as AsyncIterable<Uint8Array>) {
      pieces.push(piece)
      size += piece.byteLength
      if (size > MOST) break
    }
  } catch {
    // It broke off: what came of it tells enough.
  }
  const headers = answer.headers as Received['headers']
  return {
    status: answer.statusCode ?? 0,
    headers,
    body: pieces.length ? concat(pieces) : toBytes(''),
  }
}

/**
 * Sends the bytes of a request as they are, which `node:http` would not, and has Node read the answer.
 * What fails on the way rejects.
 */
export async function sendBytes(wire: Wire, place: Place): Promise<Received> {
  const { hostname: host, port, secure, options } = place
  const socket = secure
    ? connectTls({
        host,
        port,
        servername: /^[\d.]+$|:/.test(host) ? '' : host,
        ALPNProtocols: ['http/1.1'],
      })
    : connect({ host, port })
  const seconds = options.timeout ?? 10
  const timer = setTimeout(
    () =>
      socket.destroy(
        Object.assign(new Error(`no answer within ${seconds} seconds`), { code: 'ETIMEDOUT' }),
      ),
    seconds * 1000,
  )
  try {
    return await new Promise<Received>((resolve, reject) => {
      // The request that Node itself would write goes nowhere.
      const answered = new Duplex({ read() {}, write: (_piece, _encoding, done) => done() })
      socket
        .on('data', (piece) => answered.push(piece))
        .once('error', reject)
        .once('close', () => answered.push(null))
      request({ method: wire.method, createConnection: () => answered })
        .once('response', (answer) => readAnswer(answer).then(resolve, reject))
        .once('error', reject)
        .end()
      socket.write(wire.bytes)
    })
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
