/** A header field. */
export type Field = readonly [name: string, value: string]

/** Header fields in any shape: a record, pairs, or as Node has them, names and values in turn in one list. */
export type FieldsLike =
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>
  | readonly string[]

const isFlat = (fields: FieldsLike): fields is readonly string[] =>
  Array.isArray(fields) && typeof fields[0] === 'string'

/** Header fields one by one, their values as text. */
export function* fieldsOf(fields: FieldsLike | null | undefined): Iterable<Field> {
  const given = fields ?? {}
  if (isFlat(given)) {
    for (let at = 0; at + 1 < given.length; at += 2)
      yield [given[at] as string, given[at + 1] as string]
    return
  }
  const pairs = Symbol.iterator in given ? given : Object.entries(given)
  for (const [name, values] of pairs as Iterable<[string, string | string[] | undefined]>)
    for (const value of [values ?? []].flat()) yield [name, String(value)]
}

/** The value of the first field of a name, which is given in lower case. */
export function fieldOf(fields: Iterable<Field>, name: string): string | undefined {
  for (const [own, value] of fields) if (own.toLowerCase() === name) return value
  return undefined
}

/** A field as a line of an HTTP message. */
export const formatField = ([name, value]: Field): string => `${name}: ${value}`

/** The field of a line without the blanks around its value, or undefined where it is none; HTTP/2's begin with a colon. */
export function parseField(line: string): Field | undefined {
  const colon = line.indexOf(':', 1)
  return colon < 0 ? undefined : [line.slice(0, colon), line.slice(colon + 1).trim()]
}
