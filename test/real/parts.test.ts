import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  describeWithPart,
  launchChromium,
  part,
  type Radosgw,
  requirePart,
  type S3Server,
  type StaticSite,
  serveStatic,
  startRadosgw,
  startRedis,
  startSwift,
} from './parts.ts'

describe('part', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('looks for commands on the PATH', () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(part('curl')).toBeUndefined()
    expect(() => requirePart('curl')).toThrow('curl is not installed (npm run setup:parts)')
  })

  it('takes Chromium from CHROMIUM_PATH', () => {
    vi.stubEnv('CHROMIUM_PATH', process.execPath)
    expect(part('chromium')).toBe(process.execPath)
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
    expect(part('chromium')).toBeUndefined()
  })
})

describeWithPart('radosgw', 'radosgw', () => {
  let radosgw: Radosgw
  beforeAll(async () => {
    radosgw = await startRadosgw()
  })
  afterAll(() => radosgw?.stop())

  it('answers an anonymous request with XML', async () => {
    const response = await fetch(radosgw.endpoint)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<ListAllMyBucketsResult')
  })

  it('answers over https with the certificate it hands out', async () => {
    const get = request(radosgw.httpsEndpoint, { ca: readFileSync(radosgw.caFile) }).end()
    const [response] = await once(get, 'response')
    expect(await text(response)).toContain('<ListAllMyBucketsResult')
  })

  it('leaves nothing behind', async () => {
    await radosgw.stop()
    await expect(fetch(radosgw.endpoint)).rejects.toThrow()
    expect(existsSync(radosgw.logs)).toBe(false)
  })
})

describeWithPart('swift', 'Swift s3api', () => {
  let swift: S3Server
  beforeAll(async () => {
    swift = await startSwift()
  })
  afterAll(() => swift?.stop())

  it('answers an S3 request with its error document', async () => {
    const authorization = `AWS ${swift.credentials.accessKeyId}:bm90IGEgc2lnbmF0dXJl`
    const date = new Date().toUTCString()
    const response = await fetch(swift.endpoint, { headers: { authorization, 'x-amz-date': date } })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('<Code>SignatureDoesNotMatch</Code>')
  })
})

describeWithPart('redis', 'Redis', () => {
  it('answers PING', async () => {
    const redis = await startRedis()
    try {
      const socket = connect(redis.port, '127.0.0.1')
      socket.write('PING\r\n')
      const [reply] = await once(socket, 'data')
      socket.destroy()
      expect(String(reply)).toBe('+PONG\r\n')
    } finally {
      await redis.stop()
    }
  })
})

describeWithPart('chromium', 'Chromium', () => {
  let site: StaticSite
  beforeAll(async () => {
    site = await serveStatic({ '/': { body: '<title>a page</title>', type: 'text/html' } })
  })
  afterAll(() => site?.stop())

  async function open(url: string, ...args: string[]) {
    const browser = await launchChromium(...args)
    try {
      const page = await browser.newPage()
      await page.goto(url)
      return await page.evaluate(() => ({
        title: document.title,
        secure: isSecureContext,
        subtle: typeof crypto.subtle,
      }))
    } finally {
      await browser.close()
    }
  }

  it('takes loopback over plain http for a secure context', async () => {
    expect(await open(site.origin)).toEqual({ title: 'a page', secure: true, subtle: 'object' })
  })

  it('has no crypto.subtle for another host over plain http', async () => {
    const rule = '--host-resolver-rules=MAP insecure.test 127.0.0.1'
    expect(await open(`http://insecure.test:${site.port}/`, rule)).toEqual({
      title: 'a page',
      secure: false,
      subtle: 'undefined',
    })
  })
})
