/** Verifies requests in Express, before any body parser: the bytes are what was signed. */
import type { Server } from 'node:http'
import { createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import express, { type ErrorRequestHandler } from 'express'
import rawBody from 'raw-body'
import { credentials } from './keys.ts'

const verifier = createVerifier({ service: 'execute-api', region: 'eu-west-1', credentials })
const failed: ErrorRequestHandler = ({ type }, _request, response, _next) =>
  void response.set('connection', 'close').sendStatus(type === 'entity.too.large' ? 413 : 500)
const app = express()
app.use(async (request, response, next) => {
  request.body = await rawBody(request, { limit: '1mb' })
  const result = await verifier.verify(receivedFrom(request, request.body))
  response.type('text')
  if (!result.ok) return response.status(result.status).send(result.message)
  response.locals.caller = result.accessKeyId
  request.url = request.url.replace(/^[^?]*/, () => result.path) // routed by what was signed
  next()
})
app.use('/items', (_request, response) => void response.send(`Hello ${response.locals.caller}\n`))
app.use(failed)

export const start = (port: number): Server => app.listen(port, '127.0.0.1')
