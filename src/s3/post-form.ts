import { toBytes } from '../lib/bytes.ts'

/** A form's fields: a record, or pairs as `FormData` and multipart parsers have them. */
export type FormInput = Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>

/** A form as it came. */
export interface PostForm {
  /** The fields by name in lower case, without the file. */
  readonly fields: ReadonlyMap<string, string>
  /** Absent where there is none. */
  readonly file?:
    | { readonly name?: string; readonly size?: number; readonly mayBeText?: true }
    | undefined
  /** A field that comes twice, so that nobody can say which counts; or one that is no text. */
  readonly odd: string | undefined
}

/** What stands for the name of the file that is chosen. */
export const FILENAME: string = '$' + '{filename}'

// The signature and what it is made of are compared as they stand, with no name of a file filled in.
const LITERAL = /^(policy|x-amz-(algorithm|credential|date|security-token|signature))$/

/** Whether a value is none of a parser's files: nothing, or a record of the text fields `file[a]`. */
const mayBeText = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  [null, Object.prototype].includes(Object.getPrototypeOf(value))

function fileOf(value: unknown): PostForm['file'] {
  if (typeof value === 'string') return { size: toBytes(value).byteLength }
  const { name, size } = Object(value) as { name?: unknown; size?: unknown }
  if (typeof name === 'string') return typeof size === 'number' ? { name, size } : { name }
  return typeof size === 'number' ? { size } : mayBeText(value) ? { mayBeText: true } : {}
}

/** Reads a form, and changes nothing in it. */
export function readForm(input: FormInput): PostForm {
  const fields = new Map<string, string>()
  let file: PostForm['file']
  let odd: string | undefined
  for (const [given, value] of Symbol.iterator in input ? input : Object.entries(input)) {
    // Of a part without a name some parsers have none either.
    const name = typeof given === 'string' ? given : ''
    const key = name.toLowerCase()
    if (key === 'file' && !file && !Array.isArray(value)) file = fileOf(value)
    else if (key === 'file' || given !== name || fields.has(key) || typeof value !== 'string')
      odd ??= name
    else fields.set(key, value)
  }
  return { fields, file, odd }
}

const sizeOf = (text: string): number => toBytes(text).byteLength

/**
 * The fields with the name of the file for `${filename}`, as S3 has it; undefined where they have
 * more bytes than they may, before or after.
 */
export function fillIn(
  fields: PostForm['fields'],
  filename: string | undefined,
  most: number,
): Map<string, string> | undefined {
  const chosen = filename?.replace(/^.*[\\/]/s, '')
  const growth = chosen === undefined ? 0 : Math.max(0, sizeOf(chosen) - FILENAME.length)
  const filled = new Map<string, string>()
  let size = 0
  for (const [name, value] of fields) {
    size += sizeOf(name) + sizeOf(value)
    if (size > most) return undefined
    const parts = chosen === undefined || LITERAL.test(name) ? [value] : value.split(FILENAME)
    size += growth * (parts.length - 1)
    if (size > most) return undefined
    filled.set(name, parts.join(chosen))
  }
  return filled
}
