import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { receivedFrom, signRequestOptions } from 'countersign/node-http'
import { describe, expect, it } from 'vitest'
import { startProxy } from '../real/tampering.ts'
import { hostileTargets } from '../senders.ts'
import { expectArrived, header, outcome, SERVICES, signer, useServer } from './common.ts'

const server = useServer()
const cases = SERVICES.flatMap((service) => hostileTargets.map((path) => [service, path] as const))

async function send(options: RequestOptions, body?: string | Uint8Array | Readable) {
  const sent = httpRequest({ ...options, agent: false })
  if (body instanceof Readable) body.pipe(sent)
  else sent.end(typeof body === 'string' ? Buffer.from(body) : body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, text: await text(response) }
}

const at = (path: string, method = 'GET') => ({
  host: '127.0.0.1',
  port: server.port,
  path,
  method,
})

describe('countersign/node-http puts on the wire what was signed', () => {
  it.each(cases)('for %s, %j', async (service, path) => {
    const signed = await signRequestOptions(signer(service), at(path, 'PUT'), 'ü')
    expect(await send(signed, 'ü')).toEqual({ status: 200, text: 'accepted' })
    await expectArrived(server, service, path, 'PUT')
    const get = await signRequestOptions(signer(service), at(path))
    expect((await send(get)).status).toBe(200)
    await expectArrived(server, service, path)
  })

  it.each(['/a/../b', '/a/./b', '/..', '/a/%2e%2E/b'])(
    'S3 literally, where asked: %s',
    async (path) => {
      await expect(signRequestOptions(signer('s3'), at(path))).rejects.toMatchObject({
        code: 'dot-segments',
      })
      const options = { dotSegments: 'literal' } as const
      await send(await signRequestOptions(signer('s3', options), at(path)))
      expect([outcome(server), server.lastVerdict?.request.url]).toEqual(['s3 verified', path])
    },
  )

  it('and leaves a stream to its payload, which cannot be forgotten', async () => {
    const signed = await signRequestOptions(signer('s3'), at('/k', 'PUT'), undefined, {
      payload: 'UNSIGNED-PAYLOAD',
    })
    await send(signed, Readable.from(['text']))
    expect([outcome(server), header(server, 'transfer-encoding')]).toEqual([
      's3 unsigned',
      ['chunked'],
    ])
    const unsaid = await signRequestOptions(signer('s3'), at('/k', 'PUT'))
    await send(unsaid, Readable.from(['text']))
    expect(outcome(server)).toBe('payload-mismatch')
  })

  it.each(['header', 'path', 'body'] as const)(
    'and is refused with an altered %s',
    async (place) => {
      const proxy = await startProxy(server.port, place)
      const options = { ...at('/a%20b?c', 'POST'), port: Number(new URL(proxy.url).port) }
      const headers = { host: `127.0.0.1:${server.port}` }
      await send(await signRequestOptions(signer('sts'), { ...options, headers }, 'text'), 'text')
      expect(outcome(server)).toMatch(/mismatch/)
      proxy.close()
    },
  )

  it('and a server reads what was sent', async () => {
    await send(await signRequestOptions(signer('s3'), at('//a/%7e?x=%2b&y')))
    const { url, headers } = server.lastVerdict?.request ?? {}
    const rawHeaders = [...(headers as Iterable<string[]>)].flat()
    const message = { method: 'GET', url: `${url}`, rawHeaders }
    expect(receivedFrom(message)).toEqual({ method: 'GET', url: '//a/%7e?x=%2b&y', headers })
  })
})
