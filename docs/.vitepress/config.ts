import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig, type MarkdownRenderer } from 'vitepress'

/** What typedoc wrote; absent before the first `npm run docs`. */
const file = new URL('../reference/typedoc-sidebar.json', import.meta.url)
const reference: DefaultTheme.SidebarItem[] = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : []

const { GITHUB_SERVER_URL = 'https://github.com', GITHUB_REPOSITORY, DOCS_BASE = '/' } = process.env
const repository = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/main`

/** Leads links out of docs/ to the repository; where none is known, only their text stays. */
const outward = (markdown: MarkdownRenderer): void => {
  markdown.core.ruler.push('outward', ({ tokens, env }) => {
    const here = posix.dirname(env.relativePath ?? '')
    for (const { children } of tokens) {
      let outside = false
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const to = posix.join(here, token.attrGet('href') ?? '')
          outside = to.startsWith('../')
          if (outside && repository) token.attrSet('href', repository + to.slice(2))
        }
        if (outside && !repository && /^link_/.test(token.type)) token.type = 'text'
        if (token.type === 'link_close') outside = false
      }
    }
  })
}

/** The explainer, beside the pages. */
async function buildExplainer(outDir: string): Promise<void> {
  const { build } = await import('vite')
  const configFile = fileURLToPath(
    new URL('../../examples/explainer/vite.config.ts', import.meta.url),
  )
  await build({ configFile, logLevel: 'error', build: { outDir } })
}

const page = (text: string, name: string) => ({ text, link: `/${name}` })

const commandLine = existsSync(new URL('../cli.md', import.meta.url))
  ? [page('On the command line', 'cli')]
  : []

export default defineConfig({
  title: 'countersign',
  description: 'AWS Signature Version 4 for TypeScript: sign, presign, verify, explain.',
  // A project page has its repository's name in the path.
  base: DOCS_BASE,
  cleanUrls: true,
  markdown: { config: outward },
  buildEnd: ({ outDir }) => buildExplainer(outDir),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      page('Guide', 'sign'),
      page('Reference', 'reference/'),
      page('Errors', 'errors'),
      // A file of its own, which is none of the site's pages.
      { text: 'Explainer', link: '/explainer.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Tasks',
        items: [
          page('Sign with fetch', 'sign'),
          page('Presign a download and an upload', 'presign'),
          page('Upload a stream', 'upload-stream'),
          page('Upload a file from a page', 'upload-file'),
          page('Sign for a caller', 'proxy'),
          page('Accept signed requests', 'verify'),
          page("Accept a browser's form", 'accept-forms'),
          page('Test your AWS calls', 'testing'),
          page('Log in with a signature', 'log-in'),
          page('Temporary credentials in a browser', 'browser'),
          page('React Native', 'react-native'),
          page('The credentials of the machine', 'machine'),
          page('A certificate in place of a key', 'certificate'),
          page('Rotate keys', 'rotate-keys'),
          ...commandLine,
          page('Move from aws4, aws4fetch or smithy', 'migrate'),
        ],
      },
      {
        text: 'When it goes wrong',
        items: [
          page('SignatureDoesNotMatch', 'signature-does-not-match'),
          page('Error codes', 'errors'),
        ],
      },
      {
        text: 'To look up',
        items: [
          page('Entries', 'entries'),
          page('Services', 'services'),
          page('Security model', 'security'),
        ],
      },
      { text: 'Reference', collapsed: true, items: reference },
    ],
  },
})
