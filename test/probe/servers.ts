import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { sign } from 'countersign'
import { createVerifyingServer, type ProbeOptions } from 'countersign/testing'
import dynalite from 'dynalite'
import S3rver from 's3rver'
import { keys } from '../../examples/keys.ts'
import { s3Server } from '../../examples/s3-server.ts'
import { start as express } from '../../examples/verify-express.ts'
import { start as fastify } from '../../examples/verify-fastify.ts'
import { start as hono } from '../../examples/verify-hono.ts'
import { handler } from '../../examples/verify-lambda.ts'
import { start as nodeHttp } from '../../examples/verify-node-http.ts'
import { type Part, startRadosgw, startSwift } from '../real/parts.ts'
import { exampleKey } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import { s3 } from './common.ts'

/** A server that is probed, and what it is. */
export interface Probed {
  readonly name: string
  readonly part?: Part
  /** Starts it; what it is asked for. */
  start(): Promise<{ readonly options: ProbeOptions; stop(): unknown }>
}

/** Makes the bucket of a server that has none. */
async function withBucket(options: ProbeOptions): Promise<ProbeOptions> {
  const { url, bucket } = options
  const signed = await sign({ method: 'PUT', url: `${url}/${bucket}` }, options)
  await fetch(signed.url, signed)
  return options
}

/** A server of Node's that is started on a port. */
const example = (
  name: string,
  start: (port: number) => unknown,
  more: Partial<ProbeOptions>,
): Probed => ({
  name: `examples/${name}.ts`,
  async start() {
    const server = start(0) as Server
    if (!server.listening) await new Promise((done) => server.once('listening', done))
    const { port } = server.address() as { port: number }
    const url = `http://127.0.0.1:${port}`
    const call = { service: 'execute-api', region: 'eu-west-1', timeout: 60 }
    const options = { ...call, url: `${url}/items/x`, credentials: exampleKey, ...more }
    return {
      options: more.service === 's3' ? { ...options, url } : options,
      stop: () => shut(server),
    }
  },
})

/** What AWS makes of a request to a function's URL. */
const functionUrl = (): Server =>
  createServer(async (request, response) => {
    const body = await buffer(request)
    const [rawPath = '', rawQueryString = ''] = (request.url ?? '').split(/\?(.*)/s)
    const { host = '' } = request.headers
    const answer = await handler({
      ...{ rawPath, rawQueryString, body: body.toString('base64'), isBase64Encoded: true },
      headers: Object.fromEntries(
        Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]),
      ),
      requestContext: { domainName: host, http: { method: request.method } },
    } as unknown as Parameters<typeof handler>[0])
    const { statusCode = 200, headers, body: text } = answer as Exclude<typeof answer, string>
    response.writeHead(statusCode, headers as Record<string, string>).end(text)
  })

/** All that is probed: ours, those that verify, and those that are known not to. */
export const SERVERS: readonly Probed[] = [
  {
    name: '`createVerifyingServer`',
    async start() {
      const server = await createVerifyingServer({ service: 's3', region: 'us-east-1' })
      const options = { ...s3, url: server.url, credentials: exampleKey }
      return { options, stop: server.close }
    },
  },
  {
    name: 'examples/s3-server.ts',
    async start() {
      const directory = mkdtempSync(join(tmpdir(), 'countersign-probe-'))
      const hosts: string[] = []
      const rules = { region: 'us-east-1', credentials: (id: string) => keys.get(id) }
      const server = s3Server({ directory: join(directory, 'objects'), hosts, ...rules })
      const port = await listen(server)
      hosts.push(`127.0.0.1:${port}`)
      const options = { ...s3, url: `http://127.0.0.1:${port}`, credentials: exampleKey }
      const stop = async () => {
        await shut(server)
        rmSync(directory, { recursive: true })
      }
      return { options, stop }
    },
  },
  example('verify-node-http', nodeHttp, { ...s3, region: 'eu-west-1' }),
  example('verify-express', express, {}),
  example('verify-fastify', fastify, {}),
  example('verify-hono', hono, {}),
  example('verify-lambda', () => functionUrl().listen(0, '127.0.0.1'), { service: 'lambda' }),
  {
    name: 'Ceph radosgw 16.2',
    part: 'radosgw',
    async start() {
      const { endpoint: url, credentials, stop } = await startRadosgw()
      return { options: await withBucket({ ...s3, url, credentials }), stop }
    },
  },
  {
    name: 'OpenStack Swift s3api 2.30',
    part: 'swift',
    async start() {
      const { endpoint: url, credentials, region, stop } = await startSwift()
      return { options: await withBucket({ ...s3, url, credentials, region }), stop }
    },
  },
  {
    name: 's3rver 3.7',
    async start() {
      const directory = mkdtempSync(join(tmpdir(), 'countersign-s3rver-'))
      const configureBuckets = [{ name: 'bucket', configs: [] }]
      const server = new S3rver({
        port: 0,
        address: '127.0.0.1',
        silent: true,
        directory,
        configureBuckets,
      })
      const { port } = await server.run()
      const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
      const stop = async () => {
        await server.close()
        rmSync(directory, { recursive: true })
      }
      return { options: { ...s3, url: `http://127.0.0.1:${port}`, credentials }, stop }
    },
  },
  {
    name: 'dynalite 4.0',
    async start() {
      const server = dynalite()
      const port = await listen(server)
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.ListTables',
      }
      const call = { url: `http://127.0.0.1:${port}/`, body: '{}', headers, timeout: 60 }
      const scope = { service: 'dynamodb', region: 'us-east-1', credentials: exampleKey }
      return { options: { ...scope, ...call }, stop: () => shut(server) }
    },
  },
]
