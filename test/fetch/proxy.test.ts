import { createServer, request as httpRequest, type Server } from 'node:http'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithPart } from '../real/parts.ts'
import { exampleSession as credentials } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import { root } from '../support/packed.ts'
import { snippetsPlugin } from '../support/run-snippets.ts'
import { blocks, read } from '../support/snippets.ts'
import { startWorkerd, type Workerd } from '../support/workerd.ts'

const ENDPOINT = 'abc.execute-api.eu-west-1.amazonaws.com'

const [code = ''] = blocks(read('docs/proxy.md'), 'ts')

/** The worker of the page, with a key. */
async function bundle(snippet: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        globalThis.credentials = ${JSON.stringify(credentials)}
        const { default: worker } = await import('snippet:0')
        export default worker`,
      resolveDir: root,
    },
    ...{ bundle: true, write: false, platform: 'browser', format: 'esm', target: 'es2022' },
    ...{ tsconfigRaw: '{}', logLevel: 'error', plugins: [snippetsPlugin([snippet])] },
    alias: { countersign: `${root}/dist/index.js` },
  })
  return outputFiles?.[0]?.text ?? ''
}

/** What stands between a worker and AWS: it adds its own line to what was forwarded. */
function edgeBefore({ port }: VerifyingServer): Server {
  return createServer((incoming, answer) => {
    const { method, url: path, headers } = incoming
    const sent = httpRequest({
      ...{ host: '127.0.0.1', port, method, path },
      headers: {
        ...headers,
        'cf-ray': 'edge',
        'x-forwarded-for': `${headers['x-forwarded-for']}, 192.0.2.9`,
      },
    })
    sent.once('response', (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    incoming.pipe(sent)
  })
}

describeWithPart('workerd', 'docs/proxy.md in workerd', () => {
  let aws: VerifyingServer
  let edge: Server
  let port: number
  const workers: Workerd[] = []
  beforeAll(async () => {
    aws = await createVerifyingServer({ credentials, service: 'execute-api', hosts: [ENDPOINT] })
    edge = edgeBefore(aws)
    port = await listen(edge)
  })
  afterAll(async () => {
    for (const worker of workers) await worker.stop()
    if (edge) await shut(edge)
    await aws?.close()
  })

  /** Calls the worker of a snippet as a browser behind a proxy does; what AWS made of it. */
  async function call(snippet: string, path: string, init: RequestInit) {
    const worker = await startWorkerd(await bundle(snippet), port)
    workers.push(worker)
    const headers = {
      ...{ 'cf-ray': '1', 'cf-connecting-ip': '192.0.2.1', 'x-forwarded-for': '192.0.2.1' },
      ...{ via: '1.1 proxy', cookie: 'session=secret', authorization: 'Bearer secret' },
      ...{ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-acl': 'public-read' },
      ...{ 'x-customer': 'Alice', ...init.headers },
    }
    const answer = await fetch(worker.origin + path, { ...init, headers })
    await answer.text()
    const { request, result } = aws.lastVerdict ?? {}
    const fields = new Headers(request?.headers as [string, string][])
    return { status: answer.status, request, result, fields: Object.fromEntries(fields) }
  }

  it.each<[string, RequestInit, string]>([
    ['/prod/items?b=1&a=%2B', {}, ''],
    [
      '/prod/a%20b/%C3%BC',
      { method: 'POST', body: '{"name":"ü"}', headers: { 'content-type': 'application/json' } },
      '{"name":"ü"}',
    ],
    ['/prod', { method: 'DELETE' }, ''],
  ])('signs on behalf of a caller: %s', async (path, init, body) => {
    const { status, request, result, fields } = await call(code, path, init)
    expect(status).toBe(200)
    expect(result).toMatchObject({ ok: true, host: ENDPOINT, payload: 'verified' })
    expect([request?.method, request?.url]).toEqual([init.method ?? 'GET', path])
    expect(Buffer.from(request?.body as Uint8Array).toString()).toBe(body)
    // What may be told is told, and what the caller must not say is not.
    expect(fields).toMatchObject({
      ...{ 'x-customer': 'Alice', 'x-forwarded-for': '192.0.2.1, 192.0.2.9', via: '1.1 proxy' },
    })
    expect(fields).not.toHaveProperty('cookie')
    expect(fields).not.toHaveProperty('x-amz-acl')
    expect(JSON.stringify(fields)).not.toContain('secret')
    expect(result).toMatchObject({ signedHeaders: expect.arrayContaining(['host', 'x-customer']) })
  })

  it.each([
    ['the headers that are forwarded', "    'cf-*',\n    'x-forwarded-*',\n", ''],
    ['its own host', '(host|', '('],
  ])('is refused where it signs %s', async (_, passage, change) => {
    expect(code).toContain(passage)
    const { status } = await call(code.replace(passage, change), '/prod/items', {})
    expect(status).toBe(403)
    expect(aws.lastVerdict?.result).toMatchObject({ ok: false })
  })
})
