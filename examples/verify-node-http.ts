/** Verifies requests in a plain node:http server, and refuses in S3's own words. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type AwsErrorResponse, awsError, createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { isBodyFault, readBody } from 'countersign/s3'
import { credentials } from './keys.ts'

const rules = { service: 's3', region: 'eu-west-1', payload: 'deferred', credentials } as const
const verifier = createVerifier(rules)
const refuse = (response: ServerResponse, { status, headers, body }: AwsErrorResponse) =>
  response.writeHead(status, { ...headers, connection: 'close' }).end(body)

const server = createServer(async (request, response) => {
  const result = await verifier.verify(receivedFrom(request))
  if (!result.ok) return refuse(response, awsError(result, 's3'))
  const limits = { headers: request.headers, maxLength: 1_000_000 }
  const body = await buffer(readBody(request, result, limits)).catch((error: Error) => error)
  if (isBodyFault(body)) return refuse(response, awsError(body, 's3'))
  if (body instanceof Error) return response.destroy(body)
  // Route by what was signed, `result.path` and `result.host`, not by `request.url`.
  response.end(`Hello ${result.accessKeyId}, here is ${result.path}\n`)
})

export const start = (port: number): Server => server.listen(port, '127.0.0.1')
