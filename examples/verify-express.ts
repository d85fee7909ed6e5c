/** Verifies requests in Express, before any body parser: the bytes are what was signed. */
import type { Server } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import express from 'express'
import { keys } from './keys.ts'

const verifier = createVerifier({ service: 'execute-api', credentials: (id) => keys.get(id) })

const app = express()
app.use(async (request, response, next) => {
  request.body = await buffer(request)
  const result = await verifier.verify(receivedFrom(request, request.body))
  if (!result.ok) return response.status(result.status).send(result.message)
  response.locals.caller = result.accessKeyId
  request.url = request.url.replace(/^[^?]*/, () => result.path) // routed by what was signed
  next()
})
app.use('/items', (_request, response) => void response.send(`Hello ${response.locals.caller}\n`))

export const start = (port: number): Server => app.listen(port, '127.0.0.1')
