import { fail } from '../model/errors.ts'

/** Options by name, and the words that each may be, with `|` between. */
export type Words = Readonly<Record<string, string>>

/** Refuses an option that is none of its words: a misspelt one would be read as the other. */
export function checkWords(options: object, words: Words): void {
  for (const name in words) {
    const value = (options as Words)[name]
    if (value != null && !(words[name] as string).split('|').includes(value))
      fail('invalid-options', `${words[name]} as ${name}`)
  }
}
