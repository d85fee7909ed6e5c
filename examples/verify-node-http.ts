/** Verifies requests in a plain node:http server, and refuses in S3's own words. */
import { createServer, type Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { awsError, createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { isBodyFault, readBody } from 'countersign/s3'
import { credentials } from './keys.ts'

const own = { service: 's3', region: 'eu-west-1', payload: 'deferred', credentials } as const
const verifier = createVerifier(own)

const server = createServer(async (request, response) => {
  const answer = await (async () => {
    const result = await verifier.verify(receivedFrom(request))
    if (!result.ok) return awsError(result, 's3')
    // Whatever its payload: hashed, in signed chunks, with a checksum.
    const given = { headers: request.headers, maxLength: 1_000_000 }
    const body = await buffer(readBody(request, result, given))
    // Route by what was signed, `result.path` and `result.host`, not by `request.url`.
    return { status: 200, headers: {}, body: `Hello ${result.path}: ${body.length} bytes\n` }
  })().catch((error) =>
    isBodyFault(error) ? awsError(error, 's3') : { status: 500, headers: {}, body: '' },
  )
  response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.body)
})

export const start = (port: number): Server => server.listen(port, '127.0.0.1')
