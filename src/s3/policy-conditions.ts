import { fromBase64 } from '../lib/base64.ts'
import type { PostCondition } from '../model/post.ts'

/** A condition on a field, its name in lower case. */
export interface FieldCondition {
  readonly operator: 'eq' | 'starts-with'
  readonly field: string
  readonly value: string
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

/** Takes a condition apart; undefined where it is none. An object may hold several. */
export function parseCondition(written: unknown): readonly Condition[] | undefined {
  if (typeof written !== 'object' || written === null) return undefined
  if (!Array.isArray(written)) {
    const parsed = Object.entries(written).map(([name, value]) =>
      parseCondition(['eq', `$${name}`, value])?.map((it) => ({
        ...it,
        written: { [name]: value },
      })),
    )
    return parsed.every((it) => it !== undefined) ? parsed.flat() : undefined
  }
  const [operator, first, second, ...more] = written as readonly unknown[]
  if (more.length > 0 || typeof operator !== 'string') return undefined
  const shown = written as unknown as PostCondition
  if (operator === 'content-length-range') {
    const [least, most] = [sizeOf(first), sizeOf(second)]
    const sound = Number.isSafeInteger(least) && Number.isSafeInteger(most) && least >= 0
    return sound && least <= most ? [{ operator, least, most, written: shown }] : undefined
  }
  if (operator !== 'eq' && operator !== 'starts-with') return undefined
  if (typeof first !== 'string' || typeof second !== 'string') return undefined
  const [, name] = /^\$(.+)$/s.exec(first) ?? []
  return name ? [{ operator, field: name.toLowerCase(), value: second, written: shown }] : undefined
}

// S3 has two escapes that JSON lacks: \$ and \v.
const toJson = (text: string): string =>
  text.replace(/\\(.)/gs, (found, character) =>
    character === '$' ? '$' : character === 'v' ? '\\u000b' : found,
  )

/**
 * Takes a policy apart; undefined where it is not base64 of a policy's JSON.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function parsePolicy(base64: string): Policy | undefined {
  const bytes = fromBase64(base64)
  if (!bytes) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const { expiration, conditions } = JSON.parse(toJson(text)) as Record<string, unknown>
    const time =
      typeof expiration === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration)
        ? new Date(expiration)
        : undefined
    if (!time || Number.isNaN(Number(time)) || !Array.isArray(conditions)) return undefined
    const parsed = conditions.map(parseCondition)
    return parsed.every((it) => it !== undefined)
      ? { expiration: time, conditions: parsed.flat() }
      : undefined
  } catch {
    return undefined
  }
}

/** What a form gives a field: the text, and the beginning that all of its parts have. */
export interface Given {
  readonly text: string
  readonly start: string
}

/** Takes a field apart; of a list of content types, each is to begin as a condition says. */
export function givenOf(field: string, text: string): Given {
  const [first = '', ...parts] = field === 'content-type' ? text.split(',') : [text]
  let start = first.trim()
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
