import type { ReceivedRequest } from 'countersign'
import type { Page } from 'playwright-core'
import { type StaticFile, type StaticSite, serveStatic } from '../real/parts.ts'
import { root } from './packed.ts'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Builds the explainer as `npm run explainer` does, and serves it on loopback. */
export async function serveExplainer(): Promise<StaticSite> {
  const { build } = await import('vite')
  const built = await build({
    configFile: `${root}/examples/explainer/vite.config.ts`,
    logLevel: 'error',
    build: { write: false },
  })
  const files: Record<string, StaticFile> = {}
  for (const bundle of [built].flat())
    for (const file of 'output' in bundle ? bundle.output : []) {
      const type = TYPES[file.fileName.split('.').pop() ?? ''] ?? 'text/plain'
      const body = file.type === 'chunk' ? file.code : file.source
      files[`/${file.fileName}`] = { body, type }
    }
  const page = files['/explainer.html']
  if (!page) throw new Error('Vite built no page')
  return serveStatic({ ...files, '/': page })
}

/** What a person types and pastes; what is left out is empty. */
export interface Typed {
  readonly request: string
  readonly answer?: string | undefined
  readonly secret?: string | undefined
  readonly sessionToken?: string | undefined
  readonly otherSecret?: string | undefined
  readonly pathPrefix?: string | undefined
}

const FIELDS = ['answer', 'secret', 'sessionToken', 'otherSecret', 'pathPrefix', 'request'] as const

/** What the page says. */
export interface Said {
  readonly cause: string
  readonly badge: string
  readonly title: string
  readonly cure: string
}

/** Pastes, as one who pastes everything at once, and reads the verdict. */
export async function paste(page: Page, typed: Typed): Promise<Said> {
  const texts = FIELDS.map((name) => [name, typed[name] ?? ''] as const)
  await page.evaluate((fields) => {
    for (const [name, text] of fields) {
      const field = document.getElementById(name) as HTMLTextAreaElement
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }, texts)
  await page.waitForSelector('#result[aria-busy="false"] .verdict')
  return page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? ''
    return {
      cause: document.querySelector<HTMLElement>('.verdict')?.dataset.cause ?? '',
      badge: text('.badge'),
      title: text('.verdict h2'),
      cure: text('.verdict .cure'),
    }
  })
}

/** A request as it stands in a log of the wire. */
export function rawText({ method, url, headers, body }: ReceivedRequest): string {
  const fields = Object.entries(headers as Record<string, string | undefined>)
  const lines = fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  return `${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
