import type { Page } from 'playwright-core'
import { launchChromium } from '../real/parts.ts'
import { type Servers, startServers } from './server.ts'

/** A page in Chromium, of servers that answer as told. */
export interface ChromiumPage {
  readonly servers: Servers
  readonly page: Page
  close(): Promise<void>
}

/** Opens the page of some servers. */
export async function openPage(files: Parameters<typeof startServers>[0]): Promise<ChromiumPage> {
  const servers = await startServers(files)
  const browser = await launchChromium()
  const page = await browser.newPage()
  await page.goto(servers.origin)
  return {
    ...{ servers, page },
    async close() {
      await browser.close()
      await servers.stop()
    },
  }
}
