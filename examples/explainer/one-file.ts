import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** What a policy names a script or a style by, to the letter. */
const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Puts scripts and styles into the page, which then is one file that opens from a disk; its policy
 * takes these and no others.
 */
export const oneFile = (name: string): Plugin => ({
  name: 'one-file',
  enforce: 'post',
  generateBundle(_, bundle) {
    const page = bundle['index.html']
    if (page?.type !== 'asset') throw new Error('Vite built no page')
    const hashes: Record<'script' | 'style', string[]> = { script: [], style: [] }
    const take = (file: string): string => {
      const built = bundle[file]
      if (!built) throw new Error(`${file} was not built`)
      delete bundle[file]
      return String(built.type === 'chunk' ? built.code : built.source).trim()
    }
    const inside = (kind: 'script' | 'style', file: string): string => {
      const text = take(file)
      // What ends the element would end it within a text too.
      if (text.includes(`</${kind}`)) throw new Error(`${file} has the end of a ${kind} in it`)
      hashes[kind].push(hashOf(text))
      return kind === 'script' ? `<script type="module">${text}</script>` : `<style>${text}</style>`
    }
    const html = String(page.source)
      .replace(/<script type="module"[^>]* src="\.?\/?([^"]+)"><\/script>/g, (_, file) =>
        inside('script', file),
      )
      .replace(/<link rel="stylesheet"[^>]* href="\.?\/?([^"]+)">/g, (_, file) =>
        inside('style', file),
      )
      .replace(/(<link rel="icon" href=")\.?\/?([^"]+)/g, (_, link, file) => {
        const icon = Buffer.from(take(file)).toString('base64')
        return `${link}data:image/svg+xml;base64,${icon}`
      })
      .replace("script-src 'self'", () => `script-src ${hashes.script.join(' ')}`)
      .replace("style-src 'self'", () => `style-src ${hashes.style.join(' ')}`)
    const beside = Object.keys(bundle).filter((file) => file !== 'index.html')
    if (beside.length > 0) throw new Error(`The page is not one file: ${beside.join(', ')}`)
    delete bundle['index.html']
    this.emitFile({ type: 'asset', fileName: name, source: html })
  },
})
