import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import { type Verified, verify } from 'countersign'
import { createEventVerifier } from 'countersign/eventstream'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { codec } from '../eventstream/common.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { exampleSession as credentials } from '../support/example-key.ts'
import { listen } from '../support/loopback.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'
import type { PageApi } from './websocket-page.ts'

const HOST = 'transcribestreaming.us-west-2.amazonaws.com:8443'

const SPOKEN = ['one', 'two', 'three'.repeat(20_000)]

/** What the server saw: how the request was signed, and what was said by which events. */
interface Seen {
  request: string
  host?: string
  signed: string[]
  unsigned: string[]
  end?: string
}

describeWithPart(
  ['chromium', 'openssl'],
  'a WebSocket that Chromium opens by a presigned URL',
  () => {
    let certificate: Certificate
    let server: Server
    let site: StaticSite
    let browser: Browser
    let page: Page
    let seen: Seen = { request: '', signed: [], unsigned: [] }
    let heard: Promise<void> = Promise.resolve()
    const sockets = new WebSocketServer({ noServer: true })

    async function hear(socket: WebSocket, request: Verified): Promise<void> {
      const verifier = createEventVerifier(request)
      for await (const [data] of on(socket, 'message', { close: ['close'] })) {
        // The SDK ends a stream of unsigned events with no event at all.
        if (data.length === 0) continue
        const message = codec.decode(data)
        if (!(':chunk-signature' in message.headers)) {
          seen.unsigned.push(Buffer.from(message.body).toString())
          continue
        }
        const event = await verifier.verify(message)
        if (!event.ok || event.last) {
          seen.end = event.ok ? 'whole' : event.reason
          return socket.close()
        }
        seen.signed.push(Buffer.from(codec.decode(event.body).body).toString())
      }
    }

    async function upgrade(incoming: IncomingMessage, duplex: Duplex, head: Buffer): Promise<void> {
      const { method = '', url = '', headers } = incoming
      const result = await verify(
        { method, url, headers: { host: headers.host } },
        { service: 'transcribe', region: 'us-west-2', credentials: () => credentials },
      )
      seen.request = result.ok ? result.placement : result.reason
      if (!result.ok) return void duplex.end(`HTTP/1.1 ${result.status} Refused\r\n\r\n`)
      seen.host = result.host
      sockets.handleUpgrade(incoming, duplex, head, (socket) => {
        heard = hear(socket, result)
      })
    }

    beforeAll(async () => {
      certificate = makeCertificate()
      server = createServer(certificate)
      server.on('upgrade', (...upgraded) => void upgrade(...upgraded))
      const port = await listen(server)
      site = await serveStatic({
        '/': { body: '<!doctype html><script src="/page.js"></script>', type: 'text/html' },
        '/page.js': { body: await bundlePage('real/websocket-page.ts'), type: 'text/javascript' },
      })
      browser = await launchChromium(
        `--host-resolver-rules=MAP ${HOST} 127.0.0.1:${port}`,
        '--ignore-certificate-errors',
      )
      page = await browser.newPage()
      await page.goto(site.origin)
    })
    afterAll(async () => {
      await browser?.close()
      await site?.stop()
      server?.close()
      server?.closeAllConnections()
      certificate?.remove()
    })
    beforeEach(() => {
      seen = { request: '', signed: [], unsigned: [] }
    })

    async function call<Name extends keyof PageApi>(
      name: Name,
      ...args: Parameters<PageApi[Name]>
    ): Promise<void> {
      await page.evaluate(`countersignPage.${name}(...${JSON.stringify(args)})`)
      await heard
    }

    it("by AWS's Transcribe client, which signs the URL alone", async () => {
      await call('sdk', credentials, SPOKEN, false)
      expect(seen).toEqual({ request: 'query', host: HOST, signed: [], unsigned: SPOKEN })
    })

    it("by AWS's Transcribe client with the SDK's signed events, chained to the URL", async () => {
      await call('sdk', credentials, SPOKEN, true)
      const end = 'whole'
      expect(seen).toEqual({ request: 'query', host: HOST, signed: SPOKEN, unsigned: [], end })
    })

    it('by presign and createEventSigner', async () => {
      await call('countersign', credentials, SPOKEN)
      const end = 'whole'
      expect(seen).toEqual({ request: 'query', host: HOST, signed: SPOKEN, unsigned: [], end })
    })

    it.each(['sdk', 'countersign'] as const)('is refused by another key: %s', async (name) => {
      const other = { ...credentials, secretAccessKey: 'another' }
      await expect(call(name, other, SPOKEN, true)).rejects.toThrow()
      expect(seen).toEqual({ request: 'signature-mismatch', signed: [], unsigned: [] })
    })
  },
)
