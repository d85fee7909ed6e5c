import { toBytes } from '../lib/bytes.ts'

/** A form's fields: a record, or pairs as `FormData` and multipart parsers have them. */
export type FormInput = Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>

/** A form, read. */
export interface PostForm {
  /** The fields by name in lower case, without the file. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: { readonly name?: string; readonly size?: number }
  /** A field that comes twice, so that nobody can say which counts; or one that is no text. */
  readonly odd: string | undefined
}

/** What stands for the name of the file that is chosen. */
export const FILENAME: RegExp = /\$\{filename\}/g

// The signature and what it is made of are compared as they stand, with no name of a file filled in.
const LITERAL = /^(policy|x-amz-(algorithm|credential|date|security-token|signature))$/

function fileOf(value: unknown): PostForm['file'] {
  if (typeof value === 'string') return { size: toBytes(value).byteLength }
  const { name, size } = Object(value) as { name?: unknown; size?: unknown }
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof size === 'number' && { size }),
  }
}

/** Reads a form; `${filename}` in a field becomes the name of the file, as S3 has it. */
export function readForm(input: FormInput, filename: string | undefined): PostForm {
  const fields = new Map<string, string>()
  let file: PostForm['file'] | undefined
  let odd: string | undefined
  for (const [name, value] of Symbol.iterator in input ? input : Object.entries(input)) {
    const key = name.toLowerCase()
    if (key === 'file' && !file) file = fileOf(value)
    else if (key === 'file' || fields.has(key) || typeof value !== 'string') odd ??= name
    else fields.set(key, value)
  }
  const chosen = (filename ?? file?.name)?.replace(/^.*[\\/]/s, '')
  if (chosen !== undefined)
    for (const [name, value] of fields)
      if (!LITERAL.test(name))
        fields.set(
          name,
          value.replace(FILENAME, () => chosen),
        )
  return { fields, file: file ?? {}, odd }
}
