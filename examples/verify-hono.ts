/** Verifies requests in Hono on Node; elsewhere `receivedFrom(context.req.raw)` of `countersign/fetch`. */
import { type HttpBindings, serve } from '@hono/node-server'
import { createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { credentials } from './keys.ts'

const verifier = createVerifier({ service: 'execute-api', region: 'eu-west-1', credentials })

const app = new Hono<{ Bindings: HttpBindings; Variables: { caller: string; path: string } }>()
app.onError((_error, context) => context.body(null, 500))
app.use(bodyLimit({ maxSize: 1_000_000, onError: (context) => context.body(null, 413) }))
app.use(async (context, next) => {
  const body = new Uint8Array(await context.req.arrayBuffer())
  const result = await verifier.verify(receivedFrom(context.env.incoming, body))
  if (!result.ok) return new Response(result.message, { status: result.status })
  context.set('caller', result.accessKeyId)
  context.set('path', result.path) // what was signed
  return next()
})
app.all('/items/*', ({ var: { caller, path }, text }) => text(`Hello ${caller}: ${path}\n`))

export const start = (port: number) => serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
