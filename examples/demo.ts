/**
 * A request is signed, sent over the loopback and verified; then it is tampered with on its way.
 * No network, no account: npm run demo
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { awsError, explain, sign, verify } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import rawBody from 'raw-body'

const say = (title: string, text: string) =>
  console.log(`${title}\n${text.replace(/^(?=.)/gm, '    ')}\n`)

// Temporary credentials, as a role or an instance gets them: a key with a session token.
const credentials = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
}

// The server: knows the key, verifies what it receives, and refuses in AWS's own words.
const server = createServer(async (request, response) => {
  try {
    const received = receivedFrom(request, await rawBody(request, { limit: '1mb' }))
    const result = await verify(received, {
      service: 'execute-api',
      region: 'eu-west-1',
      credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
    })
    if (result.ok) return response.end(`Hello ${result.accessKeyId}, your body is verified.`)
    const { status, headers, body } = awsError(result, 'json')
    response.writeHead(status, headers).end(body)
  } catch {
    response.writeHead(500, { connection: 'close' }).end()
  }
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

// The client: signs, and sends what it signed.
const options = { service: 'execute-api', region: 'eu-west-1', credentials }
const body = '{"item":"tea"}'
const signed = await sign(
  {
    method: 'POST',
    url: `http://127.0.0.1:${port}/orders/Zürich?status=open&limit=10`,
    headers: { 'content-type': 'application/json', 'x-customer': 'Alice' },
    body,
  },
  options,
)
const send = (headers: Record<string, string>) =>
  fetch(signed.url, { method: 'POST', headers, body })

say('The canonical request, at which both sides must arrive:', signed.trace.canonicalRequest)
say('Its signature:', signed.signature)

const accepted = await send(signed.headers)
say('The server answers:', `${accepted.status} ${await accepted.text()}`)

// On its way, the request is tampered with.
const refused = await send({ ...signed.headers, 'x-customer': 'Mallory' })
say(
  'The same, with x-customer changed on its way:',
  `${refused.status} ${refused.headers.get('x-amzn-errortype')}`,
)
const why = await explain(signed, { ...options, serverError: await refused.text() })
say('Why?', String(why))

server.close()
server.closeAllConnections()
