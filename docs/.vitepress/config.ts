import { existsSync, readFileSync } from 'node:fs'
import { type DefaultTheme, defineConfig } from 'vitepress'

/** What typedoc wrote; absent before the first `npm run docs`. */
const file = new URL('../reference/typedoc-sidebar.json', import.meta.url)
const reference: DefaultTheme.SidebarItem[] = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : []

const page = (text: string, name: string) => ({ text, link: `/${name}` })

export default defineConfig({
  title: 'countersign',
  description: 'AWS Signature Version 4 for TypeScript: sign, presign, verify, explain.',
  // Wherever it is served from: a project page has its repository's name in the path.
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [page('Guide', 'sign'), page('Reference', 'reference/'), page('Errors', 'errors')],
    sidebar: [
      {
        text: 'Tasks',
        items: [
          page('Sign with fetch', 'sign'),
          page('Presign a download and an upload', 'presign'),
          page('Upload a stream', 'upload-stream'),
          page('Accept signed requests', 'verify'),
          page('Test your AWS calls', 'testing'),
          page('Temporary credentials in a browser', 'browser'),
          page('Rotate keys', 'rotate-keys'),
          page('On the command line', 'cli'),
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
