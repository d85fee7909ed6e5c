import { concat, toBytes } from '../lib/bytes.ts'
import { type Field, parseField } from '../lib/fields.ts'
import { latin1 } from '../lib/latin1.ts'
import { percentEncodeBytes } from '../lib/percent.ts'
import { fail } from '../model/errors.ts'
import { type CurlOption, curlOptionsOf, lastOf } from './curl-options.ts'
import type { PastedRequest } from './pasted.ts'
import { splitWords } from './shell-words.ts'

/** What stands in the file that an option names behind its `@`. */
export type FileOf = (file: string, option: 'data' | 'header') => Uint8Array

/** What a curl line sends. */
export interface CurlRequest extends PastedRequest {
  /** The file of `-T`, which is the body; `-` is standard input. */
  readonly upload?: string
}

/** Characters of a command line: no shell takes as many. */
const MOST_OF_LINE = 0x200000

/** Header fields that an option of curl stands for. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['user-agent', 'User-Agent'],
  ['referer', 'Referer'],
  ['cookie', 'Cookie'],
])

/** A field that is sent, or a name that is not. */
type Named = readonly [name: string, value: string | undefined]

/** The fields of a `--header`: `Name:` leaves one of curl's own out, and `Name;` sends it empty. */
function fieldsOfOption(value: string, fileOf: FileOf): Named[] {
  if (value.startsWith('@')) {
    const lines = new TextDecoder().decode(fileOf(value.slice(1), 'header')).split(/\r?\n/)
    return lines.filter(Boolean).flatMap((line) => fieldsOfOption(line.replace(/^@/, ''), fileOf))
  }
  const field = parseField(value)
  if (field) return [[field[0], field[1] || undefined]]
  return /;\s*$/.test(value) ? [[value.replace(/;\s*$/, ''), '']] : []
}

const withQuery = (url: string, query: string): string => {
  const bare = url.replace(/#.*$/s, '')
  return `${bare}${bare.includes('?') ? '&' : '?'}${query}`
}

/** Bytes as a form has them: a blank is `+`, and all but the unreserved is encoded. */
const encodeForm = (bytes: Uint8Array): string =>
  percentEncodeBytes(latin1(bytes)).replace(/%20/g, '+')

/** What `--data-urlencode` sends: `content`, `=content`, `name=content`, `@file` or `name@file`. */
function encoded(value: string, fileOf: FileOf): string {
  const [, name = '', mark, content = ''] =
    /^([^=]*)(=)(.*)$/s.exec(value) ?? /^([^@]*)(@)(.*)$/s.exec(value) ?? []
  const bytes = mark === '@' ? fileOf(content, 'data') : toBytes(mark ? content : value)
  return `${name && `${name}=`}${encodeForm(bytes)}`
}

/** What one option of data sends; a file of `--data` without its line ends. */
function dataOf({ name, value }: CurlOption, fileOf: FileOf): string | Uint8Array {
  if (name === 'data-urlencode') return encoded(value, fileOf)
  if (name === 'data-raw' || !value.startsWith('@')) return value
  const bytes = fileOf(value.slice(1), 'data')
  if (!/^data(-ascii)?$/.test(name)) return bytes
  // Some versions of curl leave zeros out, and others all that follows in the line.
  if (bytes.includes(0)) fail('invalid-body', 'a file with zero bytes as --data-binary')
  return bytes.filter((byte) => byte !== 10 && byte !== 13)
}

/** The pieces of a body in one; text where all of them are. */
function joined(pieces: readonly (string | Uint8Array)[], between: string): string | Uint8Array {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join(between)
  return concat(pieces.flatMap((piece, at) => [toBytes(at > 0 ? between : ''), toBytes(piece)]))
}

/** The body of all options of data, undefined where there are none. */
function bodyOf(options: readonly CurlOption[], fileOf: FileOf): string | Uint8Array | undefined {
  const data = options.filter(({ name }) => /^(data(-\w+)?|json)$/.test(name))
  const pieces = data.map((option) => dataOf(option, fileOf))
  const json = data.some(({ name }) => name === 'json')
  return pieces.length > 0 ? joined(pieces, json ? '' : '&') : undefined
}

const textOf = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body)

/**
 * What the options of a curl line send, as far as they tell it.
 *
 * @throws CountersignError `invalid-url` without a URL, `invalid-body` where the body is a form,
 * `invalid-header` where it sends a password
 */
export function readCurlOptions(options: readonly CurlOption[], fileOf: FileOf): CurlRequest {
  const last = (wanted: string) => lastOf(options, wanted)
  const has = (wanted: string) => last(wanted) !== undefined
  if (has('form') || has('form-string')) fail('invalid-body', 'the body as --data-raw')
  const url = options.find(({ name }) => name === 'url')?.value
  // User and password are the keys where --aws-sigv4 stands, and keys are asked for elsewhere.
  if ((has('user') || /^\w+:\/\/[^/?#]*@/.test(url ?? '')) && !has('aws-sigv4'))
    fail('invalid-header', 'a curl line without -u, which sends a password')
  if (!url) return fail('invalid-url', 'a curl line with a url')
  const named = options.flatMap(({ name, value }): Named[] => {
    const field = FIELDS.get(name)
    if (name === 'header') return fieldsOfOption(value, fileOf)
    return field === undefined ? [] : [[field, value]]
  })
  const body = bodyOf(options, fileOf)
  const asQuery = has('get') && body !== undefined
  const upload = last('upload-file')
  const typed = named.some(([name]) => name.toLowerCase() === 'content-type')
  if (body !== undefined && !asQuery && !typed)
    named.push([
      'Content-Type',
      has('json') ? 'application/json' : 'application/x-www-form-urlencoded',
    ])
  const headers = named.filter((field): field is Field => field[1] !== undefined)
  const absolute = /^[a-z][a-z\d]*:\/\//i.test(url) ? url : `http://${url}`
  const method =
    last('request') ??
    (has('head') ? 'HEAD' : upload ? 'PUT' : body === undefined || asQuery ? 'GET' : 'POST')
  return {
    method,
    url: asQuery ? withQuery(absolute, textOf(body)) : absolute,
    headers,
    ...(body === undefined || asQuery ? {} : { body }),
    ...(upload && { upload }),
  }
}

/**
 * Reads a command line of curl: what it sends, as far as the line tells it.
 *
 * @throws CountersignError `invalid-url` without a URL or where a quotation is not closed,
 * `invalid-body` where the body is in a file or a form, or the line is longer than 2 MiB,
 * `invalid-header` where it sends a password, or its headers are in a file
 * @see https://curl.se/docs/manpage.html
 */
export function parseCurlLine(line: string): PastedRequest {
  if (line.length > MOST_OF_LINE)
    fail('invalid-body', 'a curl line of at most 2 MiB, and a longer body by --data @FILE')
  const words = splitWords(line.replace(/^\$ /, '')) ?? fail('invalid-url', 'a closed quotation')
  const { upload, ...request } = readCurlOptions([...curlOptionsOf(words.slice(1))], (_, option) =>
    option === 'data'
      ? fail('invalid-body', 'the body itself, as --data-raw, not its file')
      : fail('invalid-header', 'the headers themselves, not their file'),
  )
  return upload ? fail('invalid-body', 'the body as --data-raw') : request
}
