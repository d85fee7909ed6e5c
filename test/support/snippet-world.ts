/**
 * The world in which the snippets of docs/ run: a key, a request signed with it, and an AWS on the
 * loopback, to which `fetch` finds whatever the host. Bundled into each page's process.
 */
import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { type Credentials, sign } from 'countersign'
import { createVerifyingServer } from 'countersign/testing'

const credentials: Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
/** What Roles Anywhere gives to a certificate that has signed. */
const session = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'a secret',
  sessionToken: 'a/token',
  expiration: new Date(Date.now() + 3_600_000).toISOString(),
}
const keys = new Map([[credentials.accessKeyId, credentials]])
const aws = await createVerifyingServer({
  credentials,
  // Whatever is asked for is there.
  answer: ({ method }) => (method === 'GET' ? { status: 200, headers: {}, body: '{}' } : undefined),
})
const realFetch = globalThis.fetch

async function answered(sent: ClientRequest): Promise<Response> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject)
  })
  const body = /^(204|304)$/.test(`${message.statusCode}`) ? null : Readable.toWeb(message)
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, `${value}`] as const,
  )
  return new Response(body as BodyInit | null, {
    status: message.statusCode ?? 500,
    headers: headers as [string, string][],
  })
}

/** `fetch`, were every host name of AWS that of the loopback, and the page's own server where it says. */
async function fetchHere(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  if (`${input}`.startsWith('http://localhost:8080/')) {
    const own = `${input}`.replace('http://localhost:8080', await ownOrigin(servers.at(-1)))
    return realFetch(own, init)
  }
  const { url, method, headers, body } = new Request(input, init)
  const { host, hostname, pathname, search } = new URL(url)
  if (!hostname.includes('.amazonaws.com')) return realFetch(input, init)
  if (hostname.startsWith('rolesanywhere.')) {
    const isSigned = /^AWS4-X509-ECDSA-SHA256 /.test(headers.get('authorization') ?? '')
    const answer = isSigned ? { credentialSet: [{ credentials: session }] } : {}
    return Response.json(answer, { status: isSigned ? 201 : 403 })
  }
  const sent = httpRequest({
    ...{ host: '127.0.0.1', port: aws.port, method, path: pathname + search },
    headers: { ...Object.fromEntries(headers), host },
  })
  if (body) Readable.fromWeb(body as never).pipe(sent)
  else sent.end()
  return answered(sent)
}

async function ownOrigin(server: Server | undefined): Promise<string> {
  if (!server) throw new Error('the page has no server')
  if (!server.listening) await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

// A server of a page listens where there is room, and not at the port that the page says.
const servers: Server[] = []
const { listen } = Server.prototype
Server.prototype.listen = function (this: Server, ...args: [port: number]) {
  if (!args[0]) return listen.apply(this, args)
  servers.push(this)
  return listen.apply(this, [0, '127.0.0.1'] as unknown as [number])
} as typeof listen

const host = 'bucket.s3.eu-west-1.amazonaws.com'
const signedNow = await sign(
  { url: `https://${host}/a/b.txt` },
  { service: 's3', region: 'eu-west-1', credentials },
)
Object.assign(globalThis, {
  ...{ credentials, keys, fetch: fetchHere, myProvider: async () => credentials },
  ...{ signed: signedNow, response: new Response('', { status: 403 }) },
  received: { method: 'GET', url: '/a/b.txt', headers: { ...signedNow.headers, host } },
})

/** Asks the page's last server, signed and then tampered with: the two statuses. */
async function asked(): Promise<number[]> {
  const server = servers.at(-1)
  if (!server) return []
  const url = `${await ownOrigin(server)}/bucket/key`
  const put = await sign(
    { method: 'PUT', url, body: 'text' },
    { service: 'execute-api', region: 'eu-west-1', credentials },
  )
  const good = await realFetch(url, { ...put, body: 'text' } as RequestInit)
  const bad = await realFetch(url, { ...put, body: 'test' } as RequestInit)
  return [good.status, bad.status]
}

/** Ends the page: its last line of output is what came of it. */
export async function finish(): Promise<void> {
  const statuses = await asked()
  const verdicts = aws.verdicts.map(({ result }) => (result.ok ? result.payload : result.reason))
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
  await aws.close()
  console.log(JSON.stringify({ verdicts, statuses }))
}
