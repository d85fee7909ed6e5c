import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Bucket, startBucket } from '../support/bucket.ts'
import { exampleKey, exampleSession } from '../support/example-key.ts'
import { root } from '../support/packed.ts'
import { snippetsPlugin } from '../support/run-snippets.ts'
import { blocks, read } from '../support/snippets.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { describeWithPart, launchChromium, type StaticSite, serveStatic } from './parts.ts'

const HOST = 'bucket.s3.eu-west-1.amazonaws.com'

/** What stands before a bucket, and speaks HTTP/2. */
const CDN = 'uploads.example.com'
const EXAMPLE = `${root}/examples/upload-page`

const outcomes = ({ verdicts }: Bucket) =>
  verdicts.map(({ request: { method, url, body = '' }, result }) => [
    ...[method, url.split('?')[0], Buffer.from(body as Uint8Array).length],
    result.ok ? [result.placement, result.payload] : result.reason,
  ])

describeWithPart('chromium', 'the example of an upload in Chromium', () => {
  let bucket: Bucket
  let vite: ViteDevServer
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    bucket = await startBucket({ credentials: exampleKey })
    vi.stubEnv('AWS_ACCESS_KEY_ID', exampleKey.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', exampleKey.secretAccessKey)
    vi.stubEnv('BUCKET', `http://127.0.0.1:${bucket.port}/bucket`)
    vite = await createServer({
      configFile: `${EXAMPLE}/vite.config.ts`,
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, ws: false, watch: null },
    })
    await vite.listen()
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(vite.resolvedUrls?.local[0] ?? '')
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await browser?.close()
    await vite?.close()
    await bucket?.stop()
  })

  it('arrives, is verified, and is watched on its way', { timeout: 90_000 }, async () => {
    const size = 8 * 2 ** 20
    // Chromium tells of progress twenty times a second: of what is sent at once it tells once.
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: size },
    })
    await page.evaluate(() => {
      const shares: number[] = []
      Object.assign(globalThis, { shares })
      const progress = document.querySelector('progress') as HTMLProgressElement
      Object.defineProperty(progress, 'value', { set: (share) => shares.push(share) })
    })
    await page.setInputFiles('input', {
      ...{ name: "a b (1)'é.png", mimeType: 'image/png', buffer: Buffer.alloc(size, 'pixels') },
    })
    await page.waitForFunction(() => document.querySelector('output')?.value)
    expect(await page.locator('output').textContent()).toBe("a b (1)'é.png is there.")
    expect(outcomes(bucket)).toEqual([
      ['PUT', "/bucket/uploads/a%20b%20(1)'%C3%A9.png", size, ['query', 'unsigned']],
    ])
    const shares = (await page.evaluate('shares')) as number[]
    expect(shares.length).toBeGreaterThan(2)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBeLessThan(1)
    expect(shares.at(-1)).toBe(1)
  })
})

it('docs/upload-file.md shows what the example sends with', () => {
  const [, send] = blocks(read('docs/upload-file.md'), 'ts')
  // The page has narrower lines.
  const bare = (text = '') => text.replace(/\s+|,(?=\s*[)}])/g, '')
  expect(bare(send)).toBe(bare(readFileSync(`${EXAMPLE}/send.ts`, 'utf8')))
})

describeWithPart(['chromium', 'openssl'], 'docs/upload-file.md in Chromium', () => {
  let certificate: Certificate
  let bucket: Bucket
  let cdn: Bucket
  let browser: Browser
  let site: StaticSite
  beforeAll(async () => {
    certificate = makeCertificate()
    const start = (protocol: 'http1' | 'http2') =>
      startBucket({ credentials: exampleSession, tls: { ...certificate, protocol } })
    bucket = await start('http1')
    cdn = await start('http2')
    site = await serveStatic({
      '/': {
        body: '<!doctype html><script type="module" src="/page.js"></script>',
        type: 'text/html',
      },
      '/page.js': { body: await bundle(), type: 'text/javascript; charset=utf-8' },
    })
    browser = await launchChromium(
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1:${bucket.port},MAP ${CDN} 127.0.0.1:${cdn.port}`,
      '--ignore-certificate-errors',
    )
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await bucket?.stop()
    await cdn?.stop()
    certificate?.remove()
  })

  const snippets = blocks(read('docs/upload-file.md'), 'ts')

  /** The page's blocks one after another, and what it says of them. */
  async function bundle(): Promise<string> {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { encodeChunked } from 'countersign/s3'
          const credentials = ${JSON.stringify(exampleSession)}
          globalThis.credentials = credentials
          globalThis.stream = async (host) => {
            const body = new Blob(['one', 'two']).stream()
            const options = { region: 'eu-west-1', credentials, decodedLength: 6 }
            const signed = await encodeChunked({ url: 'https://' + host + '/bucket/a' }, body, options)
            return fetch(signed.url, signed).then(({ status }) => status, ({ name }) => name)
          }
          await import('snippet:0')
          const { send } = await import('snippet:1')
          const { signed, file } = await import('snippet:2')
          const shares = []
          console.log('sent', await send(signed, file, (share) => shares.push(share)), shares.at(-1))
          console.log('done')`,
        resolveDir: root,
      },
      ...{ bundle: true, write: false, platform: 'browser', format: 'esm', target: 'es2022' },
      ...{ tsconfigRaw: '{}', logLevel: 'error', plugins: [snippetsPlugin(snippets)] },
      alias: { countersign: `${root}/dist/index.js`, 'countersign/s3': `${root}/dist/s3.js` },
    })
    return outputFiles?.[0]?.text ?? ''
  }

  it('does what it says', async () => {
    const page = await browser.newPage()
    const printed: string[] = []
    page.on('console', (said) => said.type() === 'log' && printed.push(said.text()))
    page.on('pageerror', (error) => printed.push(String(error)))
    await page.goto(site.origin)
    await vi.waitFor(() => expect(printed).toContain('done'), 20_000)
    expect(printed).toEqual(['200', 'true', 'sent 200 1', 'done'])
    expect(outcomes(bucket)).toEqual([
      ['PUT', '/photo%201.png', 6, ['header', 'verified']],
      ['PUT', '/photo.png', 6, ['header', 'unsigned']],
    ])
    const [{ request } = {}] = bucket.verdicts
    const headers = new Headers(request?.headers as [string, string][])
    expect(Object.fromEntries(headers)).toMatchObject({ host: HOST, 'content-type': 'image/png' })
  })

  it('sends a stream by HTTP/2, and by HTTP/1.1 none', async () => {
    const page = await browser.newPage()
    await page.goto(site.origin)
    await page.waitForFunction('globalThis.stream')
    const before = bucket.verdicts.length
    const outcome = await page.evaluate(`Promise.all(['${CDN}', '${HOST}'].map(stream))`)
    expect(outcome).toEqual([200, 'TypeError'])
    expect(outcomes(cdn)[0]?.at(-1)).toEqual(['header', 'streaming'])
    expect(bucket.verdicts.slice(before).map(({ request }) => request.url)).not.toContain(
      '/bucket/a',
    )
  })
})
