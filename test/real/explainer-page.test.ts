import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KEY, manual } from '../explain/manual.ts'
import { type Recorder, startRecorder } from '../senders.ts'
import { paste, rawText, serveExplainer } from '../support/explainer-page.ts'
import { root } from '../support/packed.ts'
import { describeWithPart, launchChromium, type StaticSite } from './parts.ts'

const request = manual({
  ...{ path: '/prod/a%20b', canonicalPath: '/prod/a%2520b' },
  ...{ query: 'b=1&a=x+y', canonicalQuery: 'a=x%20y&b=1' },
})
const typed = { request: rawText(request), secret: KEY.secretAccessKey }

/** In how many ways a script can reach out, below. */
const WAYS = 9

/** Tries to reach a place in each way that a script has, and answers with what was refused: in time, or once every way was. */
function reachOut({ origin, ways }: { origin: string; ways: number }): Promise<string[]> {
  const refused: string[] = []
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
    refused.push(effectiveDirective),
  )
  const quietly = (attempt: () => unknown) => {
    try {
      Promise.resolve(attempt()).catch(() => {})
    } catch {}
  }
  const load = (name: string, url: string, attribute: string) => {
    const element = document.createElement(name)
    element.setAttribute(attribute, url)
    document.body.append(element)
  }
  quietly(() => fetch(`${origin}/fetch`, { mode: 'no-cors' }))
  quietly(() => navigator.sendBeacon(`${origin}/beacon`, 'secret'))
  quietly(() => {
    const request = new XMLHttpRequest()
    request.open('POST', `${origin}/xhr`)
    request.send('secret')
  })
  quietly(() => new EventSource(`${origin}/events`))
  quietly(() => new WebSocket(`${origin.replace('http', 'ws')}/socket`))
  for (const [name, attribute] of [
    ['img', 'src'],
    ['iframe', 'src'],
    ['audio', 'src'],
  ] as const)
    quietly(() => load(name, `${origin}/${name}`, attribute))
  quietly(() => {
    const form = document.createElement('form')
    form.action = `${origin}/form`
    form.target = '_blank'
    document.body.append(form)
    form.submit()
  })
  return new Promise((resolve) => {
    const end = performance.now() + 10_000
    const look = () => {
      if (refused.length >= ways || performance.now() > end) setTimeout(resolve, 500, refused)
      else setTimeout(look, 50)
    }
    look()
  })
}

const note = (page: Page) => page.locator('#note').textContent()
const lit = (page: Page) => page.locator('.c.lit').textContent()

describeWithPart('chromium', "the explainer's page in Chromium", () => {
  let site: StaticSite
  let browser: Browser
  let recorder: Recorder
  beforeAll(async () => {
    site = await serveExplainer()
    recorder = await startRecorder({ 'access-control-allow-origin': '*' })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await recorder?.stop()
    await site?.stop()
  })
  const open = async (options: Parameters<Browser['newContext']>[0] = {}) => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    await page.goto(site.origin)
    return page
  }

  describe('keeps to itself', () => {
    const arrived = () => recorder.take().map(({ target }) => target.replace(/\?.*/, ''))

    it('no script of the page can send anything anywhere', async () => {
      recorder.take()
      const page = await open()
      const refused = await page.evaluate(reachOut, { origin: recorder.origin, ways: WAYS })
      expect(arrived()).toEqual([])
      expect(refused.filter((directive) => directive === 'connect-src')).toHaveLength(5)
      for (const directive of ['img-src', 'frame-src', 'media-src', 'form-action'])
        expect(refused).toContain(directive)
    })

    it('without its policy the same attempts would arrive', async () => {
      const page = await open({ bypassCSP: true })
      await page.evaluate(reachOut, { origin: recorder.origin, ways: 0 })
      const paths: string[] = []
      await expect
        .poll(() => paths.push(...arrived()) && paths, { timeout: 10_000 })
        .toEqual(expect.arrayContaining(['/fetch', '/beacon', '/xhr', '/img', '/form']))
    })

    it('asks for its own files alone, and for nothing more once it is used', async () => {
      const page = await browser.newPage()
      const asked: string[] = []
      page.on('request', (it) => asked.push(it.url()))
      await page.goto(site.origin, { waitUntil: 'networkidle' })
      expect(asked.filter((url) => !url.startsWith(site.origin))).toEqual([])
      asked.length = 0
      expect((await paste(page, typed)).cause).toBe('matches')
      expect(asked).toEqual([])
    })

    it('from a disk, as the package has it, it explains, and no script of it reaches out', async () => {
      recorder.take()
      const context = await browser.newContext()
      const page = await context.newPage()
      const asked: string[] = []
      const errors: string[] = []
      context.on('request', (it) => asked.push(it.url()))
      page.on('pageerror', (error) => errors.push(String(error)))
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      const { href } = pathToFileURL(`${root}/dist/explainer.html`)
      await page.goto(href)
      expect((await paste(page, typed)).cause).toBe('matches')
      expect((await paste(page, { ...typed, secret: `${typed.secret} ` })).cause).toBe(
        'secret-blanks',
      )
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([href])
      expect(errors).toEqual([])
      const refused = await page.evaluate(reachOut, { origin: recorder.origin, ways: WAYS })
      expect(arrived()).toEqual([])
      expect(refused.filter((directive) => directive === 'connect-src')).toHaveLength(5)
      for (const directive of ['img-src', 'frame-src', 'media-src', 'form-action'])
        expect(refused).toContain(directive)
      await context.close()
    })

    it('keeps no secret: not in storage, the address, the text, or after a reload or going back', async () => {
      const page = await open()
      await paste(page, typed)
      const kept = () =>
        page.evaluate(async () => [
          ...Object.values(localStorage),
          ...Object.values(sessionStorage),
          ...(await indexedDB.databases()).map(({ name }) => name),
          document.cookie,
          location.href,
          JSON.stringify(history.state),
          // The page's own script has the keys of its samples.
          document.documentElement.outerHTML.replace(document.scripts[0]?.text ?? '', ''),
        ])
      expect(String(await kept())).not.toContain(KEY.secretAccessKey)
      const value = () => page.locator('#secret').inputValue()
      expect(await value()).toBe(KEY.secretAccessKey)
      await page.reload()
      expect(await value()).toBe('')
      await paste(page, typed)
      await page.goto('about:blank')
      await page.goBack()
      expect(await value()).toBe('')
    })
  })

  describe('by keyboard', () => {
    it('is pasted into, and walked character by character', async () => {
      const page = await open()
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('request')
      await page.keyboard.insertText(typed.request)
      await page.waitForSelector('#result[aria-busy="false"] .verdict')
      const block = page.getByRole('group', { name: 'Canonical request' })
      for (let tabs = 0; tabs < 30; tabs++) {
        if (await block.evaluate((element) => element === document.activeElement)) break
        await page.keyboard.press('Tab')
      }
      expect([await lit(page), await note(page)]).toEqual([
        'P',
        expect.stringContaining('the method'),
      ])
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('End')
      await page.keyboard.press('ArrowLeft')
      expect(await lit(page)).toBe('0')
      for (let left = 0; left < 2; left++) await page.keyboard.press('ArrowLeft')
      expect(await lit(page)).toBe('%25')
      expect(await note(page)).toContain('comes from % in the path: the % itself encoded')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Home')
      expect(await note(page)).toMatch(/^a in line 3 .* sorted from place 2 to place 1/)
      await page.keyboard.press('Escape')
      expect(await note(page)).toBe('')
    })
  })

  it('by mouse, traces every character of the canonical request to where it came from', async () => {
    const page = await open()
    await paste(page, typed)
    const block = page.getByRole('group', { name: 'Canonical request' })
    const characters = block.locator('.c')
    const told = new Set<string>()
    for (let at = 0; at < (await characters.count()); at++) {
      await characters.nth(at).dispatchEvent('pointerover')
      const [text, origins] = [await note(page), await page.locator('.c.origin').count()]
      expect(text).toMatch(origins > 0 ? /comes from .* in / : /between|always signed|gets its =/)
      told.add(text ?? '')
    }
    expect([...told]).toEqual(
      expect.arrayContaining([expect.stringContaining('a + in a query is a blank')]),
    )
    expect([...told].some((text) => text.includes('the SHA-256 of all of the body'))).toBe(true)
  })

  it('by finger, on a phone: a tap lights a character, and nothing is wider than the screen', async () => {
    const page = await open({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await paste(page, typed)
    await page.getByRole('group', { name: 'Canonical request' }).locator('.c').nth(5).tap()
    expect(await page.locator('.c.lit').count()).toBe(1)
    expect(await note(page)).toContain('in the path')
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
  })

  it.each(['light', 'dark'] as const)(
    'breaks no rule of accessibility, %s',
    async (colorScheme) => {
      const page = await open({ colorScheme, bypassCSP: true })
      await page.evaluate(axe.source)
      const broken = async () => {
        const { violations } = await page.evaluate(() =>
          (window as unknown as { axe: typeof axe }).axe.run(),
        )
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
        )
      }
      expect(await broken()).toEqual([])
      await page.getByText('What else is known').click()
      await page.getByRole('button', { name: 'A gateway strips its stage' }).click()
      await page.locator('.line.theirs').waitFor()
      await page.locator('.line.theirs .c').nth(0).click()
      expect(await broken()).toEqual([])
    },
  )
})
