import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVerifier, presign, type SignedRequest, sign } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleKey as credentials } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import { blocks, read } from '../support/snippets.ts'
import { describeWithPart, freePorts, requirePart } from './parts.ts'

const verifier = createVerifier({ service: 's3', credentials: () => credentials })

/** The server behind: what came of a request, and the path that was signed. */
const backend = createServer(async (incoming, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const result = await verifier.verify(receivedFrom(incoming, Buffer.concat(chunks)))
  response.end(result.ok ? `${result.host}${result.path}` : result.reason)
})

/** The configuration that the docs show, in place of whose ports stand free ones. */
function configure(folder: string, port: number, behind: number): string {
  const shown = blocks(read('docs/verify.md'), 'nginx').join('')
  const server = shown
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace(/8080/g, `${behind}`)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  return `daemon off; pid ${folder}/pid; error_log stderr warn; events {}
http { access_log off;\n${paths}\n${server}\n}`
}

/** Sends what was signed to the proxy, as it is written, under the name that it was signed for. */
function send(
  port: number,
  { method, url, headers }: SignedRequest,
  body?: string,
): Promise<string> {
  const [, host = '', path = '/'] = /^https?:\/\/([^/]+)(.*)$/.exec(url) ?? []
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, method, path, headers: { host, ...headers } },
      async (answer: IncomingMessage) => {
        let text = ''
        for await (const chunk of answer) text += chunk
        resolve(text)
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

describeWithPart('nginx', 'behind nginx, as docs/verify.md has it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-nginx-'))
  let stop = async () => {}
  let port = 0
  beforeAll(async () => {
    await listen(backend)
    port = (await freePorts('NGINX_PORT')).NGINX_PORT
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, configure(folder, port, (backend.address() as AddressInfo).port))
    const nginx = spawn(requirePart('nginx'), ['-p', folder, '-c', file], { stdio: 'pipe' })
    let said = ''
    nginx.stderr.on('data', (text) => (said += text))
    stop = async () => {
      nginx.kill('SIGQUIT')
      if (nginx.exitCode === null) await once(nginx, 'exit')
    }
    const url = 'http://files.example.com/up'
    const signed = await sign({ url }, { service: 's3', region: 'r', credentials })
    for (let left = 50; left > 0; left--) {
      if (nginx.exitCode !== null) throw new Error(said)
      if ((await send(port, signed).catch(() => '')) !== '') return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`nginx does not answer: ${said}`)
  }, 20_000)
  afterAll(async () => {
    await stop()
    await shut(backend)
    rmSync(folder, { recursive: true, force: true })
  })

  const options = { service: 's3', region: 'us-east-1', credentials } as const
  describe.each([
    ['/a', '/a'],
    ['/a//b/', '/a//b/'],
    ['/a%20b%2B%26', '/a%20b%2B%26'],
    ['/a+b', '/a%20b'],
    ['/%C3%BC~!$', '/%C3%BC~%21%24'],
    ['/a?b=c+d&e=%2F&f', '/a'],
  ])('%s', (path, signedPath) => {
    it.each([
      ['in its header', sign],
      ['presigned', presign],
    ])('holds, signed %s', async (_, verb) => {
      const url = `http://files.example.com:8443${path.replace('+b', '%20b')}`
      const answer = await send(port, await verb({ url }, options))
      expect(answer).toBe(`files.example.com:8443${signedPath}`)
    })
  })

  it('holds with a body, and with headers that nginx would drop by itself', async () => {
    const headers = { 'x-amz-meta-a_b': 'c', x_under: 'd', 'x.dot': 'e', empty: '' }
    const url = 'http://files.example.com/a'
    const signed = await sign({ method: 'PUT', url, headers, body: 'text' }, options)
    expect(await send(port, signed, 'text')).toBe('files.example.com/a')
    expect(await send(port, signed, 'test')).toBe('payload-mismatch')
  })
})
