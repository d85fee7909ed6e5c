import { parseArgs } from 'node:util'
import { readDate } from '../lib/time.ts'

/** What is wrong with how the command was called, in a sentence. */
export class UsageError extends Error {}

/** What failed on the way to a server or back, in a sentence. */
export class SendError extends Error {}

export const VERBS = [
  'sign',
  'presign',
  'verify',
  'explain',
  'curl',
  'token',
  'serve',
  'keys',
] as const
export type Verb = (typeof VERBS)[number]

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  service: { type: 'string' },
  region: { type: 'string' },
  credentials: { type: 'string' },
  profile: { type: 'string' },
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  input: { type: 'string', short: 'i' },
  format: { type: 'string' },
  payload: { type: 'string' },
  'signing-date': { type: 'string' },
  'expires-in': { type: 'string' },
  error: { type: 'string', short: 'e' },
  'upload-file': { type: 'string', short: 'T' },
  output: { type: 'string', short: 'o' },
  fail: { type: 'boolean', short: 'f' },
  include: { type: 'boolean' },
  progress: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  user: { type: 'string' },
  cluster: { type: 'string' },
  serverless: { type: 'boolean' },
  form: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const

/** The words of a call. */
export interface Call {
  readonly verb: Verb | undefined
  readonly url: string | undefined
  readonly values: Readonly<
    Partial<Record<Exclude<keyof typeof OPTIONS, 'header'>, string | boolean>>
  > & { readonly header?: readonly string[] }
  /** The value of an option that takes a text. */
  text(name: keyof typeof OPTIONS): string | undefined
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
    const [verb, url, more] = positionals
    if (verb !== undefined && !VERBS.includes(verb as Verb))
      throw new UsageError(`There is no verb ${verb}: it is one of ${VERBS.join(', ')}.`)
    if (more !== undefined) throw new UsageError('There may be one URL, behind the verb.')
    const text = (name: keyof typeof OPTIONS) => {
      const value = values[name]
      return typeof value === 'string' ? value : undefined
    }
    return { verb: verb as Verb | undefined, url, values, text }
  } catch (error) {
    if (error instanceof UsageError) throw error
    // Node goes on with advice for programmers, behind the first sentence.
    const [sentence] = `${error instanceof Error ? error.message : error}`.split('. ')
    throw new UsageError(`${sentence}.`)
  }
}

/** The date of `--signing-date`, in AWS's form or in any that JavaScript reads. */
export function signingDateOf(call: Call): Date | undefined {
  const text = call.text('signing-date')
  if (text === undefined) return undefined
  const date = readDate(text)
  if (!date) throw new UsageError('--signing-date is no date: write it as 20150830T123600Z.')
  return date
}

/** The seconds of `--expires-in`. */
export function secondsOf(call: Call): number | undefined {
  const seconds = call.text('expires-in')
  if (seconds !== undefined && !/^\d+$/.test(seconds))
    throw new UsageError('--expires-in is whole seconds.')
  return seconds === undefined ? undefined : Number(seconds)
}
