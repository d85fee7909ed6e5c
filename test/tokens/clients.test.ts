import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { type Refused, type Verified, verify } from 'countersign'
import { elastiCacheToken, iotWebSocketUrl, rdsToken } from 'countersign/tokens'
import { Redis } from 'ioredis'
import mqtt from 'mqtt'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { exampleSession as credentials } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'
import { region } from './common.ts'

// The clients of docs/log-in.md, each at a server that reads of its protocol no more than the login,
// and has `verify` judge the password.

const database = { host: 'db.abc123.eu-west-1.rds.amazonaws.com', user: 'app' }

/** The verdict of the service behind a token that is a URL without its scheme. */
function judged(service: string, token: string): Promise<Verified | Refused> {
  const [host = '', target] = token.split(/(?=\/)/, 2)
  const received = { method: 'GET', url: `${target}`, headers: { host } }
  return verify(received, { service, region, credentials: () => credentials })
}

describe('the password', () => {
  it('of PostgreSQL is taken from pg', async () => {
    const passwords: string[] = []
    const message = (kind: string, ...bytes: number[]) =>
      Buffer.concat([Buffer.from(kind), Buffer.of(0, 0, 0, 4 + bytes.length), Buffer.from(bytes)])
    const server = createServer((socket: Socket) => {
      socket.once('data', () => {
        // A password in clear text, please.
        socket.write(message('R', 0, 0, 0, 3))
        socket.once('data', (answer) => {
          passwords.push(answer.toString('utf8', 5, answer.length - 1))
          socket.write(Buffer.concat([message('R', 0, 0, 0, 0), message('Z', 0x49)]))
        })
      })
    })
    const port = await listen(server)
    const token = async () =>
      (await rdsToken({ ...database, port: 5432, region, credentials })).token
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'app', password: token })
    await client.connect()
    expect(await judged('rds-db', passwords[0] ?? '')).toMatchObject({ ok: true })
    await client.end()
    await shut(server)
  })

  it('of MySQL is taken from mysql2', async () => {
    const passwords: string[] = []
    const packet = (sequence: number, ...parts: (string | Uint8Array)[]) => {
      const payload = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
      return Buffer.concat([Buffer.of(payload.length, 0, 0, sequence), payload])
    }
    // Version 10, of capabilities no more than a switch of the plugin needs, and a scramble of 20 bytes.
    const [scramble, rest] = [new Uint8Array(8), new Uint8Array(13)]
    const capable = Buffer.of(0x00, 0x82, 33, 2, 0, 0x08, 0x00, 21, ...new Uint8Array(10))
    const greeting = ['\x0a8\0', Buffer.of(1, 0, 0, 0), scramble, '\0', capable, rest]
    const server = createServer((socket) => {
      socket.write(packet(0, ...greeting, 'mysql_native_password\0'))
      socket.once('data', () => {
        socket.write(packet(2, Buffer.of(0xfe), 'mysql_clear_password\0'))
        socket.once('data', (answer) => {
          passwords.push(answer.toString('utf8', 4, answer.length - 1))
          socket.write(packet(4, Buffer.of(0, 0, 0, 2, 0, 0, 0)))
        })
      })
    })
    const port = await listen(server)
    const token = () => rdsToken({ ...database, port: 3306, region, credentials })
    const connection = await createConnection({
      ...{ host: '127.0.0.1', port, user: 'app' },
      authPlugins: {
        mysql_clear_password: () => async () => Buffer.from(`${(await token()).token}\0`),
      },
    })
    expect(await judged('rds-db', passwords[0] ?? '')).toMatchObject({ ok: true })
    connection.destroy()
    await shut(server)
  })

  it('of a cache is taken from ioredis', async () => {
    const commands: string[] = []
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        commands.push(`${data}`)
        // A command is an array, and each of these is answered alike.
        const count = `${data}`.match(/^\*\d/gm)?.length ?? 0
        socket.write('+OK\r\n'.repeat(count))
      })
    })
    const port = await listen(server)
    const { token } = await elastiCacheToken({
      ...{ cluster: 'sessions', user: 'app', serverless: true },
      ...{ region, credentials },
    })
    const redis = new Redis({
      ...{ host: '127.0.0.1', port, username: 'app', password: token },
      ...{ lazyConnect: true, enableReadyCheck: false },
    })
    await redis.connect()
    redis.disconnect()
    await shut(server)
    const [, password = ''] =
      /auth\r\n\$3\r\napp\r\n\$\d+\r\n(.*)\r\n/i.exec(commands.join('')) ?? []
    expect(await judged('elasticache', password)).toMatchObject({ ok: true })
  })

  it('of IoT is the URL that mqtt opens', async () => {
    const server = createHttpServer()
    const port = await listen(server)
    const host = `127.0.0.1:${port}`
    const { url } = await iotWebSocketUrl({ host, region, credentials })
    const asked = once(server, 'upgrade')
    const client = mqtt.connect(url.replace('wss://', 'ws://'), { reconnectPeriod: 0 })
    client.on('error', () => {})
    const [request, socket] = await asked
    const { method, url: target, headers } = request
    const rules = { service: 'iotdevicegateway', region, credentials: () => credentials }
    expect(await verify({ method, url: target, headers }, rules)).toMatchObject({ ok: true })
    socket.destroy()
    client.end(true)
    await shut(server)
  })
})
