import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithPart } from '../real/parts.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { type ChromiumPage, openPage } from './chromium-page.ts'
import type { Servers } from './server.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>'
const image = { headers: { 'content-type': 'image/svg+xml' }, body: SVG }
const document = {
  headers: { 'content-type': 'text/html' },
  body: '<link rel="icon" href="data:,"><p>signed</p>',
}

describeWithPart('chromium', 'a service worker that signs, in Chromium', () => {
  let opened: ChromiumPage
  let servers: Servers
  let page: Page
  beforeAll(async () => {
    opened = await openPage({
      '/': {
        type: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><title>a page</title>',
      },
      '/worker.js': { type: 'text/javascript', body: await bundlePage('fetch/service-worker.ts') },
    })
    ;({ servers, page } = opened)
    await page.evaluate(async () => {
      const { serviceWorker } = navigator
      const controlled = new Promise((go) => serviceWorker.addEventListener('controllerchange', go))
      await serviceWorker.register('/worker.js')
      await controlled
    })
  })
  afterAll(() => opened?.close())

  /** What came to the servers of it, and whether its signature holds. */
  const came = () =>
    servers.requests().map(({ target, reason, signedHeaders }) => [target, reason, signedHeaders])

  const SIGNED = ['host', 'x-amz-date', 'x-amz-security-token']

  it('signs what a script asks for', async () => {
    const { there } = servers.enter({ name: '', sent: 1, act: async () => 0 })
    const asked = (url: string) => fetch(url).then(({ status }) => status)
    expect(await page.evaluate(asked, `${there}signed/a`)).toBe(200)
    expect(came()).toEqual([['/signed/a', undefined, expect.arrayContaining(SIGNED)]])
  })

  it('signs an image of another origin, which is asked for without CORS', async () => {
    const { there } = servers.enter({ name: '', sent: 1, act: async () => 0, replies: [image] })
    const width = await page.evaluate(async (url) => {
      const img = Object.assign(new Image(), { src: url })
      await img.decode()
      return img.naturalWidth
    }, `${there}signed/image`)
    expect(width).toBe(7)
    expect(came()).toEqual([['/signed/image', undefined, expect.arrayContaining(SIGNED)]])
  })

  it('signs a page, which is asked for by navigation', async () => {
    const { here } = servers.enter({ name: '', sent: 1, act: async () => 0, replies: [document] })
    await page.goto(`${here}signed/page`)
    expect(await page.locator('p').textContent()).toBe('signed')
    expect(came()).toEqual([['/signed/page', undefined, expect.arrayContaining(SIGNED)]])
  })
})
