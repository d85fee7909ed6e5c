import { parseArgs } from 'node:util'
import { readDate } from '../lib/time.ts'
import { FLAG_NAMES, type FlagName, flagOf } from './flags.ts'
import { flagsOf, VERBS, type Verb } from './table.ts'

/** What is wrong with how the command was called, in a sentence. */
export class UsageError extends Error {}

/** What failed on the way to a server or back, in a sentence. */
export class SendError extends Error {}

/** The flags as Node reads them. */
const OPTIONS = Object.fromEntries(
  FLAG_NAMES.map((name) => {
    const { value, short, multiple } = flagOf(name)
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string'
    return [name, { type, ...(short && { short }), ...(multiple && { multiple }) }]
  }),
)

/** The words of a call. */
export interface Call {
  readonly verb: Verb | undefined
  readonly url: string | undefined
  readonly values: Readonly<Partial<Record<Exclude<FlagName, 'header'>, string | boolean>>> & {
    readonly header?: readonly string[]
  }
  /** The value of an option that takes a text. */
  text(name: FlagName): string | undefined
}

/** The verb that a word is. */
export function verbOf(word: string): Verb {
  const verb = VERBS.find((name) => name === word)
  if (verb) return verb
  throw new UsageError(`There is no verb ${word}: it is one of ${VERBS.join(', ')}.`)
}

/** Refuses the flags of other verbs, which would say nothing. */
function refuseOthers(verb: Verb, names: readonly FlagName[]): void {
  const other = names.find((name) => !flagsOf(verb).includes(name))
  if (other) throw new UsageError(`${verb} has no --${other}.`)
}

/** Reads `VERB [options] [URL]`. */
export function readCall(words: readonly string[]): Call {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: OPTIONS,
      allowPositionals: true,
      strict: true,
    })
    const [word, url, more] = positionals
    const verb = word === undefined ? undefined : verbOf(word)
    if (more !== undefined) throw new UsageError('There may be one URL, behind the verb.')
    if (verb !== undefined) refuseOthers(verb, Object.keys(values) as FlagName[])
    const text = (name: FlagName) => {
      const value = values[name]
      return typeof value === 'string' ? value : undefined
    }
    return { verb, url, values: values as Call['values'], text }
  } catch (error) {
    if (error instanceof UsageError) throw error
    // Node goes on with advice for programmers, behind the first sentence.
    const [sentence] = `${error instanceof Error ? error.message : error}`.split('. ')
    throw new UsageError(`${sentence}.`)
  }
}

/** A date that a call names, in AWS's form or in any that JavaScript reads. */
export function dateOf(call: Call, name: 'signing-date' | 'now'): Date | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const date = readDate(text)
  if (!date) throw new UsageError(`--${name} is no date: write it as 20150830T123600Z.`)
  return date
}

/** The seconds of `--expires-in`. */
export function secondsOf(call: Call): number | undefined {
  const seconds = call.text('expires-in')
  if (seconds !== undefined && !/^\d+$/.test(seconds))
    throw new UsageError('--expires-in is whole seconds.')
  return seconds === undefined ? undefined : Number(seconds)
}
