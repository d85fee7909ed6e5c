/** Verifies requests in a plain node:http server, and refuses in S3's own words. */
import { createServer, type Server } from 'node:http'
import { awsError, createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import rawBody from 'raw-body'
import { keys } from './keys.ts'

const verifier = createVerifier({ service: 's3', credentials: (id) => keys.get(id) })

const server = createServer(async (request, response) => {
  try {
    const received = receivedFrom(request, await rawBody(request, { limit: '1mb' }))
    const result = await verifier.verify(received)
    // Route by what was signed, `result.path` and `result.host`, not by `request.url`.
    if (result.ok) return response.end(`Hello ${result.accessKeyId}, here is ${result.path}\n`)
    const { status, headers, body } = awsError(result, 's3')
    response.writeHead(status, headers).end(body)
  } catch (error) {
    const tooLarge = (error as { type?: string }).type === 'entity.too.large'
    response.writeHead(tooLarge ? 413 : 500, { connection: 'close' }).end()
  }
})

export const start = (port: number): Server => server.listen(port, '127.0.0.1')
