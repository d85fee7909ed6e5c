/** The key of a profile, by the names of its lines. */
export interface KeyLines {
  readonly aws_access_key_id: string
  readonly aws_secret_access_key: string
}

/** Where a value stands in a text. */
interface Place {
  readonly value: string
  readonly start: number
}

type Places = Partial<Record<keyof KeyLines, Place>>

const BYTE_ORDER_MARK = '\xef\xbb\xbf'

/** A text of bytes, as a file of any encoding is kept byte by byte. */
const bytesOf = (name: string): string => Buffer.from(name).toString('latin1')

/** What a line says, without its comment. */
function saidIn(line: string): string {
  const comment = line.search(/(?:^|[ \t\r\f\v])[;#]/)
  return (comment < 0 ? line : line.slice(0, comment)).trim()
}

/**
 * Where the key of a profile stands in the shared credentials file, read as the loader of the AWS SDKs
 * reads it: the last line of a name counts, and what is indented below an empty value is not the profile's.
 */
function placesIn(text: string, profile: string): Places {
  const section = `[${bytesOf(profile)}]`
  const places: Places = {}
  let isOwn = false
  let isNested = false
  let next = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  for (const line of text.slice(next).split('\n')) {
    const start = next
    next += line.length + 1
    const said = saidIn(line)
    if (said.startsWith('[') && said.endsWith(']')) {
      isOwn = said === section
      isNested = false
      continue
    }
    const equals = said.indexOf('=')
    if (!isOwn || equals < 1) continue
    const name = said.slice(0, equals).trim()
    const value = said.slice(equals + 1).trim()
    isNested = value === '' || (isNested && /^\s/.test(line))
    if (isNested || !/^aws_(access_key_id|secret_access_key)$/.test(name)) continue
    const from = line.indexOf('=') + 1
    places[name as keyof KeyLines] = { value, start: start + line.indexOf(value, from) }
  }
  return places
}

/** The key that stands in a profile of the shared credentials file; undefined where it is not whole. */
export function keyLinesIn(file: Buffer, profile: string): KeyLines | undefined {
  const { aws_access_key_id: id, aws_secret_access_key: secret } = placesIn(
    file.toString('latin1'),
    profile,
  )
  return id && secret && { aws_access_key_id: id.value, aws_secret_access_key: secret.value }
}

/** The file with another key in a profile, and every other byte as it was; undefined where there is none. */
export function withKeyLines(file: Buffer, profile: string, key: KeyLines): Buffer | undefined {
  let text = file.toString('latin1')
  const places = placesIn(text, profile)
  const { aws_access_key_id: id, aws_secret_access_key: secret } = places
  if (!id || !secret) return undefined
  // From the end, as what stands behind a change has moved.
  for (const [name, { value, start }] of Object.entries(places).sort(
    ([, one], [, other]) => other.start - one.start,
  ))
    text = text.slice(0, start) + key[name as keyof KeyLines] + text.slice(start + value.length)
  return Buffer.from(text, 'latin1')
}
