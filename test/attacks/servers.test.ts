import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sign } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys } from '../../examples/keys.ts'
import { blocks, read } from '../support/snippets.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-servers-'))
symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The code of a page that starts a server, as a file. */
function fileOf(page: string): string {
  const [code, ...more] = blocks(read(page), 'ts').filter((code) => /\.listen\(/.test(code))
  if (!code || more.length > 0) throw new Error(`${page} shows no server, or several`)
  const path = join(folder, `${page.replace(/\W/g, '-')}.ts`)
  writeFileSync(path, code)
  return path
}

const examples = readdirSync('examples').filter((name) => /^verify-(?!lambda).*\.ts$/.test(name))
const SERVERS: readonly (readonly [name: string, path: string])[] = [
  ...['README.md', 'docs/verify.md'].map((page) => [page, fileOf(page)] as const),
  ...examples.map((name) => [`examples/${name}`, resolve('examples', name)] as const),
]

/** More bytes than any server takes, and than the buffers on the way hold. */
const ENDLESS = 64_000_000
const TOO_MUCH = 0x100001

const head = (target: string, ...lines: string[]) =>
  [`PUT ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n')
const chunked = head('/items/a', 'Transfer-Encoding: chunked')
const PIECE = Buffer.alloc(65_536, 'a')
const CHUNK = Buffer.concat([Buffer.from('10000\r\n'), PIECE, Buffer.from('\r\n')])

/** What comes back until the connection ends, or for as long as a server may take. */
async function answerOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (data) => {
    text += data.toString('latin1')
    // What it says is whole: a connection may stay open for the next request.
    if (/\r\n\r\n/.test(text)) socket.end()
  })
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
  await once(socket, 'close').catch(() => {})
  return text
}

/** Sends pieces for as long as the server lets it, and tells how many bytes those were. */
async function sendWithoutEnd(socket: Socket, piece: Buffer): Promise<number> {
  let sent = 0
  socket.on('error', () => {}).on('data', () => {})
  const ended = new Promise((done) => socket.once('close', done))
  while (!socket.destroyed && sent < ENDLESS) {
    sent += piece.length
    const more = socket.write(piece)
    if (!more) await Promise.race([new Promise((done) => socket.once('drain', done)), ended])
  }
  socket.destroy()
  return sent
}

describe.each(SERVERS)('the server of %s survives', (_, path) => {
  let child: ChildProcess
  let port: number
  beforeAll(async () => {
    child = fork(resolve('test/attacks/serve.ts'), [path], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let said = ''
    child.stderr?.on('data', (data) => {
      said += data
    })
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(said)))
    ;[port] = (await Promise.race([once(child, 'message'), ended])) as [number]
    ended.catch(() => {})
  })
  afterAll(() => {
    child.kill()
  })

  async function open(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }

  /** A signed request, which must be answered still. */
  async function serves(): Promise<void> {
    const [credentials] = keys.values()
    const service = /node-http/.test(path) ? 's3' : 'execute-api'
    const request = { method: 'POST', url: `http://127.0.0.1:${port}/items/a`, body: 'text' }
    const signed = await sign(request, {
      ...{
        service,
        region: 'eu-west-1',
        credentials: credentials as NonNullable<typeof credentials>,
      },
    })
    const response = await fetch(signed.url, signed)
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching('Hello')])
    expect(child.exitCode).toBeNull()
  }

  it.each([
    ['of a length', head('/items/a', 'Content-Length: 100000')],
    ['of chunks', chunked],
  ])('an aborted body %s', async (_, start) => {
    for (const abort of ['destroy', 'resetAndDestroy', 'end'] as const) {
      const socket = await open()
      await new Promise((done) => socket.write(`${start}5\r\nhel`, done))
      // The server has begun to read it.
      await new Promise((done) => setTimeout(done, 50))
      socket[abort]()
      if (!socket.destroyed) await once(socket.resume(), 'close')
      await serves()
    }
  })

  it('an endless body, which it cuts', async () => {
    for (const [start, piece] of [
      [chunked, CHUNK],
      [head('/items/a', 'Content-Length: 99999999999'), PIECE],
    ] as const) {
      const socket = await open()
      socket.write(start)
      expect(await sendWithoutEnd(socket, piece)).toBeLessThan(ENDLESS)
      await serves()
    }
  })

  it('an oversized body, and says so', async () => {
    for (const [start, body] of [
      [head('/items/a', `Content-Length: ${TOO_MUCH}`), Buffer.alloc(TOO_MUCH)],
      [chunked, Buffer.concat([Buffer.from('100001\r\n'), Buffer.alloc(TOO_MUCH)])],
    ] as const) {
      const socket = await open()
      const answering = answerOf(socket)
      socket.write(start)
      // Some servers refuse a length before they have read anything, and then close.
      await new Promise((done) => setTimeout(done, 100))
      if (socket.writable) socket.write(body)
      // Who asks is judged before a body that comes in chunks is read.
      expect(await answering).toMatch(
        /node-http/.test(path) ? /^HTTP\/1\.1 403 / : /^HTTP\/1\.1 413 /,
      )
      await serves()
    }
  })

  it.each(['zz\r\n', '-1\r\n', '5\r\nhello!\r\n', `${'f'.repeat(17)}\r\n`, '\r\n'])(
    'a malformed chunk: %j',
    async (chunk) => {
      const socket = await open()
      socket.write(chunked + chunk)
      expect(await answerOf(socket)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
      await serves()
    },
  )

  it.each([
    '/%zz',
    '/%',
    '/items/%E0%A4%A',
    '/items/%00',
    '//',
    '//evil/b',
    '/items/../a',
    '/?%=%&=',
    'http://[',
    'http://evil:99999/',
    'items',
    '*',
    '/\u00ff',
    '/#',
    '/\\',
    `/items/${'%2e%2e/'.repeat(1000)}`,
  ])('a malformed path: %.20s', async (target) => {
    const socket = await open()
    socket.write(Buffer.from(head(target, 'Connection: close', 'Content-Length: 0'), 'latin1'))
    const answer = await answerOf(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    // What a stranger wrote is nothing that a browser runs; of what is no path, Express tells in HTML.
    if (/^content-type: text\/html/im.test(answer))
      expect(answer).toMatch(/^content-security-policy: default-src 'none'/im)
    await serves()
  })

  it('a message that is none', async () => {
    for (const text of [
      '\u0000',
      'GET\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      head('/', 'a b: c'),
      head('/', 'Content-Length: a'),
    ]) {
      const socket = await open()
      socket.write(text)
      socket.end()
      expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 4\d\d /)
      await serves()
    }
  })
})
