/** Takes the pictures of the explainer for the documents: `npm run explainer:images`. */
import { mkdirSync } from 'node:fs'
import { launchChromium } from '../test/real/parts.ts'
import { serveExplainer } from '../test/support/explainer-page.ts'
import { root } from '../test/support/packed.ts'

const SIZES = [
  { width: 1280, height: 1120 },
  { width: 390, height: 1480 },
] as const
const SCHEMES = ['light', 'dark'] as const

const [folder = `${root}/docs/images`] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const site = await serveExplainer()
const browser = await launchChromium()
for (const viewport of SIZES)
  for (const colorScheme of SCHEMES) {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' })
    await page.goto(site.origin)
    await page.getByRole('button', { name: 'A gateway strips its stage' }).click()
    await page.locator('.verdict').waitFor()
    const canonical = page.getByRole('group', { name: 'Canonical request' })
    // By the keyboard, so that the character which is lit is told of below.
    await page.getByRole('group', { name: 'Request:', exact: false }).first().focus()
    await page.keyboard.press('Tab')
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowLeft']) await canonical.press(key)
    // On a phone the road is below the fields; on a desk, beside them.
    await page.evaluate((phone) => {
      const top = document.querySelector('.verdict')?.getBoundingClientRect().top ?? 0
      scrollTo(0, phone ? top + scrollY - 16 : 0)
    }, viewport.width < 600)
    await page.mouse.move(0, 0)
    await page.screenshot({ path: `${folder}/explainer-${viewport.width}-${colorScheme}.png` })
    await page.close()
  }
await browser.close()
await site.stop()
