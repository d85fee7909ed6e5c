import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { describeWithPart, launchChromium } from '../real/parts.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { describeSituations } from './expect-situations.ts'
import { type Servers, startServers } from './server.ts'

describeWithPart('chromium', 'in Chromium', () => {
  let servers: Servers
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    servers = await startServers({
      '/': {
        type: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>',
      },
      '/page.js': {
        type: 'text/javascript; charset=utf-8',
        body: await bundlePage('fetch/page.ts'),
      },
    })
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(servers.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await servers?.stop()
  })

  describeSituations(
    'chromium',
    () => servers,
    (...asked) => page.evaluate(`act(...${JSON.stringify(asked)})`),
  )
})
