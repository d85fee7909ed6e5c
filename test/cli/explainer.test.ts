import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installCommand } from './command.ts'

let command: ReturnType<typeof installCommand>
beforeAll(() => {
  command = installCommand()
}, 60_000)
afterAll(() => command.packed.remove())

/** A folder with an opener of every platform, which keeps what it is given and ends with a code. */
function openers(name: string, code: number): { readonly PATH: string; readonly kept: string } {
  const folder = `${command.packed.consumer}/${name}`
  mkdirSync(folder)
  for (const opener of ['open', 'xdg-open']) {
    writeFileSync(`${folder}/${opener}`, `#!/bin/sh\necho "$*" > ${folder}/kept\nexit ${code}\n`)
    chmodSync(`${folder}/${opener}`, 0o755)
  }
  return { PATH: folder, kept: `${folder}/kept` }
}

describe('countersign explainer', () => {
  it('opens the page of the package, and prints where it is', async () => {
    const { PATH, kept } = openers('good', 0)
    const { code, stdout, stderr } = await command.run(['explainer'], '', { PATH })
    expect([code, stderr]).toEqual([0, ''])
    expect(readFileSync(kept, 'utf8')).toBe(stdout)
    const path = fileURLToPath(stdout.trim())
    expect(path).toBe(`${command.packed.installed}/dist/explainer.html`)
    expect(existsSync(path)).toBe(true)
  })

  it.each([
    ['there is none', () => '/nowhere'],
    ['it finds no browser', () => openers('bad', 3).PATH],
  ])('prints where it is where the opener fails: %s', async (_, PATH) => {
    const { code, stdout, stderr } = await command.run(['explainer'], '', { PATH: PATH() })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^file:\/\/\/.*\/explainer\.html\n$/)])
    expect(stderr).toBe('Nothing here opens a page: open this in a browser.\n')
  })

  it('prints where it is as JSON, and opens nothing', async () => {
    const { PATH, kept } = openers('json', 0)
    const { code, stdout } = await command.run(['explainer', '--json'], '', { PATH })
    const { path, url } = JSON.parse(stdout)
    expect([code, fileURLToPath(url), existsSync(kept)]).toEqual([0, path, false])
  })
})
