import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECES } from '../verify/pieces.ts'

const isOfUse = (text: string): boolean =>
  text.length > 0 && text.length <= 40 && !/^\.{0,2}\/.*\.ts$|^[A-Z]?[a-z]+ .* .*[a-z.]$/.test(text)

/** What the readers look for: the literal texts of src, without its sentences, and pieces of requests. */
export function wordsOfSource(folder = 'src'): readonly Uint8Array[] {
  const words = new Set(PIECES)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue
    const code = readFileSync(join(folder, name), 'utf8').replace(/\/\*.*?\*\/|\/\/.*$/gms, '')
    for (const [, text = ''] of code.matchAll(/'((?:[^'\\\n]|\\.)*)'/g))
      if (isOfUse(text)) words.add(text)
  }
  return [...words].map((word) => Buffer.from(word, 'latin1'))
}
