import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { presign, verify } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { afterAll, describe, expect, it } from 'vitest'
import { listen, shut } from '../support/loopback.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }

let judged: { outcome: string; seen: unknown } | undefined
const judge = async (message: IncomingMessage): Promise<string> => {
  const options = { service: 's3', credentials: () => credentials }
  const result = await verify(receivedFrom(message), options)
  return result.ok ? 'accepted' : result.reason
}
const server = createServer({ maxHeaderSize: 65_536 }, async (request, response) => {
  judged = { outcome: await judge(request), seen: request.headers['if-match'] }
  response.end()
})
const port = await listen(server)
afterAll(() => shut(server))

/** What a server makes of a presigned URL whose conditions come behind some lines of nobody's. */
async function sent(lines: number, most: number | null): Promise<typeof judged> {
  server.maxHeadersCount = most
  const host = `127.0.0.1:${port}`
  const { url, headers } = await presign(
    { url: `http://${host}/a`, headers: { 'if-match': '"1"' } },
    { service: 's3', region: 'eu-west-1', credentials },
  )
  const socket = connect(port, '127.0.0.1')
  const fields = [`host: ${host}`, ...Array(lines).fill('a:'), `if-match: ${headers['if-match']}`]
  judged = undefined
  socket.write(
    `GET ${new URL(url).pathname}${new URL(url).search} HTTP/1.1\r\n${fields.join('\r\n')}\r\nconnection: close\r\n\r\n`,
  )
  await new Promise((resolve) => socket.resume().once('close', resolve))
  return judged
}

describe('what it leaves out, `receivedFrom` of `countersign/node-http` leaves out too:', () => {
  it('a condition behind as many lines as Node reads', async () => {
    expect(await sent(0, null)).toEqual({ outcome: 'accepted', seen: '"1"' })
    for (const [lines, most] of [
      [1000, null],
      [2100, null],
      [100, 100],
    ] as const) {
      const answer = await sent(lines, most)
      // Later versions of Node answer 431 by themselves.
      if (answer?.seen === undefined)
        expect(answer?.outcome ?? 'signed-header-missing').toBe('signed-header-missing')
      else expect(answer.seen).toBe('"1"')
    }
  })

  it('one of two lines of a name that is seen', async () => {
    const rawHeaders = ['x-a', '1', ...Array(999).fill(['b', '']).flat(), 'x-a', '2']
    const message = { rawHeaders, headers: { 'x-a': '1', b: '' } }
    const fields = receivedFrom(message).headers as [string, string][]
    expect(fields.filter(([name]) => name === 'x-a')).toEqual([['x-a', '1']])
  })

  it('nothing where a server has told Node to read them all, or more', async () => {
    for (const most of [0, 1500]) {
      const answer = await sent(1200, most)
      expect(answer).toEqual({ outcome: 'accepted', seen: '"1"' })
    }
  })

  it('what stands behind fewer lines, where a server has told Node so', () => {
    const rawHeaders = ['x-a', '1', ...Array(99).fill(['b', '']).flat(), 'x-a', '2']
    const headers = { 'x-a': '1', b: '' }
    const linesAt = (maxHeadersCount: number) => {
      const socket = { server: { maxHeadersCount } }
      return [...(receivedFrom({ rawHeaders, headers, socket }).headers as [string, string][])]
    }
    expect(linesAt(100)).toHaveLength(100)
    expect(linesAt(101)).toHaveLength(101)
  })

  it('nothing of HTTP/2, where an application reads as many as come', () => {
    const rawHeaders = [':method', 'GET', ...Array(1200).fill(['b', '']).flat(), 'x-amz-acl', 'a']
    const headers = { ':method': 'GET', b: '', 'x-amz-acl': 'a' }
    const fields = receivedFrom({ rawHeaders, headers }).headers as [string, string][]
    expect(fields.at(-1)).toEqual(['x-amz-acl', 'a'])
  })
})
