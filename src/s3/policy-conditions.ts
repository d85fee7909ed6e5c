import { fromBase64 } from '../lib/base64.ts'
import type { PostCondition } from '../model/post.ts'
import { repeatable } from '../model/refusal.ts'

/** A condition on a field, its name in lower case. */
export interface FieldCondition {
  readonly operator: 'eq' | 'starts-with'
  readonly field: string
  readonly value: string
  /** The field as it is written, with its `$`. */
  readonly name: string
  readonly written: PostCondition
}

/** A condition on the size of the file, in bytes. */
export interface SizeCondition {
  readonly operator: 'content-length-range'
  readonly least: number
  readonly most: number
  readonly written: PostCondition
}

/** A condition of either kind, taken apart. */
export type Condition = FieldCondition | SizeCondition

/** A policy, taken apart. */
export interface Policy {
  readonly expiration: Date
  readonly conditions: readonly Condition[]
}

const sizeOf = (value: unknown): number =>
  typeof value === 'number' || /^\d+$/.test(`${value}`) ? Number(value) : Number.NaN

const isName = (value: unknown): value is `$${string}` =>
  typeof value === 'string' && /^\$./s.test(value)

function parseList(written: readonly unknown[]): Condition | string {
  const [word, first, second] = written
  if (typeof word !== 'string') return 'Invalid Condition: missing operation identifier.'
  const operator = word.toLowerCase()
  if (operator !== 'content-length-range' && operator !== 'eq' && operator !== 'starts-with')
    return `Invalid Condition: unknown operation '${repeatable(word)}'.`
  if (written.length !== 3) return `Invalid ${operator}: wrong number of arguments.`
  const shown = written as unknown as PostCondition
  if (operator === 'content-length-range') {
    const [least, most] = [sizeOf(first), sizeOf(second)]
    const sound = Number.isSafeInteger(least) && Number.isSafeInteger(most) && least >= 0
    return sound && least <= most
      ? { operator, least, most, written: shown }
      : 'Invalid content-length-range: least and most must be whole bytes, least first.'
  }
  return isName(first) && typeof second === 'string'
    ? { operator, field: first.slice(1).toLowerCase(), value: second, name: first, written: shown }
    : `Invalid ${operator}: must name a $field, and a string.`
}

/** Takes a condition apart; what is wrong with it, in S3's words, where it is none. */
export function parseCondition(written: unknown): Condition | string {
  if (Array.isArray(written)) return parseList(written)
  if (typeof written !== 'object' || written === null)
    return 'Invalid Condition: must be a List or Object.'
  const [only, ...more] = Object.entries(written)
  if (!only || more.length > 0)
    return 'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'
  if (typeof only[1] !== 'string') return 'Invalid Simple-Condition: value must be a string.'
  const parsed = parseList(['eq', `$${only[0]}`, only[1]])
  return typeof parsed === 'string' ? parsed : { ...parsed, written: { [only[0]]: only[1] } }
}

// S3 has two escapes that JSON lacks: \$ and \v.
const toJson = (text: string): string =>
  text.replace(/\\(.)/gs, (found, character) =>
    character === '$' ? '$' : character === 'v' ? '\\u000b' : found,
  )

function readJson(base64: string): unknown {
  const bytes = fromBase64(base64)
  if (!bytes) return undefined
  try {
    return JSON.parse(toJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return undefined
  }
}

function expirationOf(written: unknown): Date | undefined {
  const isTime =
    typeof written === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(written)
  if (!isTime) return undefined
  const time = new Date(written)
  return Number.isNaN(Number(time)) ? undefined : time
}

/**
 * Takes a policy apart; what is wrong with it, in S3's words, where it is not base64 of a policy's JSON.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function parsePolicy(base64: string): Policy | string {
  const document = readJson(base64)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return 'Invalid JSON.'
  const { expiration, conditions, ...others } = document as Record<string, unknown>
  const [other] = Object.keys(others)
  if (other !== undefined) return `Unexpected: '${repeatable(other)}'`
  if (expiration === undefined) return 'Policy missing expiration.'
  if (conditions === undefined) return 'Policy missing conditions.'
  const time = expirationOf(expiration)
  if (!time) return "Invalid 'expiration' value: must be of the form 2015-08-30T12:36:00Z."
  if (!Array.isArray(conditions)) return "Invalid 'conditions' value: must be a List."
  const parsed: Condition[] = []
  for (const written of conditions) {
    const condition = parseCondition(written)
    if (typeof condition === 'string') return condition
    parsed.push(condition)
  }
  return { expiration: time, conditions: parsed }
}

/** What a form gives a field: the text, and the beginning that all of its parts have. */
export interface Given {
  readonly text: string
  readonly start: string
}

/** Takes a field apart; of a list of content types, each is to begin as a condition says. */
export function givenOf(field: string, text: string): Given {
  const [first = '', ...parts] = field === 'content-type' ? text.split(',') : [text]
  // A key that begins with a blank does not begin as the condition says.
  let start = first
  for (const part of parts) {
    const other = part.trim()
    let end = 0
    while (end < start.length && start[end] === other[end]) end++
    start = start.slice(0, end)
  }
  return { text, start }
}

/** Whether a field keeps a condition. */
export const keeps = ({ operator, value }: FieldCondition, { text, start }: Given): boolean =>
  operator === 'eq' ? text === value : start.startsWith(value)
