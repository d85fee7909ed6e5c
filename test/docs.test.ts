import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleSession } from './support/example-key.ts'
import { root } from './support/packed.ts'
import { type Ran, runSnippets } from './support/run-snippets.ts'
import { blocks, complaints, completed, read } from './support/snippets.ts'

const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const textOf = (page: string): string => read(join('docs', page))
const code = (page: string): string[] => blocks(textOf(page), 'ts')

/** Not run here: what needs a test runner or a page in a browser around it. */
const ELSEWHERE = /from '(vitest|idb-keyval)'|cognitoIdentity/

/** What comes of running the snippets of each page against an AWS on the loopback. */
const RUNS: Readonly<Record<string, Partial<Ran>>> = {
  'index.md': { verdicts: ['verified'] },
  'sign.md': { verdicts: ['verified', 'verified'] },
  'presign.md': { verdicts: ['unsigned', 'unsigned'] },
  'upload-file.md': { verdicts: ['verified'] },
  'upload-stream.md': { verdicts: ['streaming', 'unsigned', 'streaming'] },
  'proxy.md': {},
  'react-native.md': {},
  'verify.md': { statuses: [200, 403] },
  'accept-forms.md': { statuses: [405, 405] },
  'testing.md': {},
  'log-in.md': { verdicts: ['verified', 'verified'] },
  'browser.md': {},
  'security.md': {},
  'machine.md': {},
  'certificate.md': {},
  'rotate-keys.md': {},
  'migrate.md': {},
  'signature-does-not-match.md': { verdicts: ['verified'] },
  'errors.md': {},
  'services.md': {},
  'entries.md': {},
}

/** A call that prints, and behind it or below it what. */
const PRINTS = /\bconsole\.log\((?:.*|\n(?: {2}.*\n)+)\)(?: |\n *)\/\/ (.*)$/gm

/** What the comments of a page say that it prints. */
const promised = (page: string): string[] =>
  code(page)
    .filter((snippet) => !ELSEWHERE.test(snippet))
    .flatMap((snippet) => [...snippet.matchAll(PRINTS)])
    .map(([, text]) => text ?? '')

describe('the code of docs/', () => {
  it('compiles, on every page', () => {
    const named = pages.flatMap((page) => code(page).map((snippet) => ({ page, snippet })))
    expect(named.length).toBeGreaterThan(20)
    // The last one shows that the compiler sees them.
    const texts = [...named.map(({ snippet }) => completed(snippet)), completed('received.nothing')]
    const found = complaints(texts).map((text) =>
      text.replace(/^snippet(\d+)\.ts/, (_, at) => named[Number(at)]?.page ?? 'last'),
    )
    expect(found).toEqual([expect.stringMatching("^last: Property 'nothing'")])
  }, 60_000)

  it.each(Object.entries(RUNS))('runs, and prints what it says: %s', async (page, expected) => {
    const snippets = code(page).filter((snippet) => !ELSEWHERE.test(snippet))
    expect(await runSnippets(page, snippets)).toEqual({
      ...{ error: '', verdicts: [], statuses: [], printed: promised(page) },
      ...expected,
    })
  })

  it('signs in a page by a derived key of temporary credentials, as browser.md has it', async () => {
    const snippet = code('browser.md').find((text) => text.includes('JSON.parse(json)'))
    const temporary = `
      import { sign, verify } from 'countersign'
      const expiration = new Date(Date.now() + 3_600_000)
      const credentials = { ...${JSON.stringify(exampleSession)}, expiration }
      ${snippet}
      const host = 'bucket.s3.eu-west-1.amazonaws.com'
      const options = { service: 's3', region: 'eu-west-1', credentials: inPage }
      const { headers } = await sign({ url: \`https://\${host}/a\` }, options)
      const received = { method: 'GET', url: '/a', headers: { ...headers, host } }
      const { ok } = await verify(received, { service: 's3', credentials: () => credentials })
      console.log(ok, inPage.expiration === expiration.toJSON(), headers['x-amz-security-token'])
      const later = { ...options, signingDate: new Date(Number(expiration) + 1000) }
      console.log(await sign({ url: \`https://\${host}/a\` }, later).catch(({ code }) => code))`
    const { error, printed } = await runSnippets('browser-temporary', [temporary])
    expect([error, printed.slice(-2)]).toEqual([
      ...['', [`true true ${exampleSession.sessionToken}`, 'expired-credentials']],
    ])
  })
})

describe.each(['README.md', ...pages.map((page) => `docs/${page}`)])('%s', (page) => {
  it('has lines of code that fit the column of the site', () => {
    const code = [...read(page).matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, text]) =>
      (text ?? '').split('\n'),
    )
    expect(code.filter((line) => line.length > 72)).toEqual([])
  })
})

describe.each(pages)('docs/%s', (page) => {
  it('links to files and headings that exist', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replace(/\s+/g, '-')
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    const broken = links.filter(([, to, heading]) => {
      const path = to ? join(root, 'docs', to) : join(root, 'docs', page)
      // Written by typedoc.
      if (to?.startsWith('./reference/')) return false
      if (!existsSync(path)) return true
      const headings = Array.from(
        read(path.slice(root.length)).matchAll(/^#+ (.*)$/gm),
        ([, text]) => slug(text ?? ''),
      )
      return heading !== undefined && !headings.includes(heading)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('is in the sidebar of the site', () => {
    const sidebar = read('docs/.vitepress/config.ts')
    const name = page.slice(0, -'.md'.length)
    if (name !== 'index') expect(sidebar).toContain(`'${name}')`)
  })
})
