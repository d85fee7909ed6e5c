/** Verifies requests in Fastify, whose bodies are left as bytes: they are what was signed. */
import type { Server } from 'node:http'
import { createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { fastify } from 'fastify'
import { credentials } from './keys.ts'

const verifier = createVerifier({ service: 'execute-api', region: 'eu-west-1', credentials })

const app = fastify({ bodyLimit: 1_000_000 })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.addHook<{ Body?: Buffer }>('preHandler', async (request, reply) => {
  const result = await verifier.verify(receivedFrom(request.raw, request.body))
  if (!result.ok) return reply.code(result.status).type('text/plain').send(result.message)
  request.setDecorator('path', result.path)
})
app.decorateRequest('path', '')
app.all('/items/*', async (it) => `Hello, here is ${it.getDecorator('path')}\n`) // what was signed

export const start = (port: number): Server => {
  void app.listen({ port, host: '127.0.0.1' })
  return app.server
}
