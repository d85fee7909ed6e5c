import { afterAll, beforeAll } from 'vitest'
import { describeWithPart } from '../real/parts.ts'
import { bundlePage } from '../support/bundle-page.ts'
import { type ChromiumPage, openPage } from './chromium-page.ts'
import { describeSituations } from './expect-situations.ts'

describeWithPart('chromium', 'in Chromium', () => {
  let opened: ChromiumPage
  beforeAll(async () => {
    opened = await openPage({
      '/': {
        type: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>',
      },
      '/page.js': {
        type: 'text/javascript; charset=utf-8',
        body: await bundlePage('fetch/page.ts'),
      },
    })
  })
  afterAll(() => opened?.close())

  describeSituations(
    'chromium',
    () => opened.servers,
    (...asked) => opened.page.evaluate(`act(...${JSON.stringify(asked)})`),
  )
})
