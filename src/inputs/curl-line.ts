import { type Field, fieldOf, parseField } from '../lib/fields.ts'
import { wellFormed } from '../lib/utf8.ts'
import { fail } from '../model/errors.ts'
import type { PastedRequest } from './pasted.ts'
import { splitWords } from './shell-words.ts'

/** The options of curl that stand before a value, by their short names. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  ...{ X: 'request', H: 'header', d: 'data', A: 'user-agent', e: 'referer', b: 'cookie' },
  ...{ u: 'user', o: 'output', T: 'upload-file', F: 'form', m: 'max-time', x: 'proxy' },
  ...{ w: 'write-out', c: 'cookie-jar', E: 'cert', D: 'dump-header', K: 'config', r: 'range' },
}
const LONG: ReadonlySet<string> = new Set([
  ...Object.values(WITH_VALUE),
  ...['url', 'url-query', 'json', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode'],
  ...['aws-sigv4', 'oauth2-bearer', 'key', 'pass', 'cacert', 'capath', 'cert-type', 'key-type'],
  ...['ciphers', 'tls-max', 'connect-timeout', 'connect-to', 'resolve', 'interface', 'dns-servers'],
  ...['local-port', 'keepalive-time', 'unix-socket', 'noproxy', 'proxy-header', 'proxy-user'],
  ...['socks5', 'socks5-hostname', 'retry', 'retry-delay', 'retry-max-time', 'max-redirs'],
  ...['max-filesize', 'limit-rate', 'speed-limit', 'speed-time', 'trace', 'trace-ascii', 'stderr'],
  ...['etag-save', 'etag-compare', 'expect100-timeout', 'happy-eyeballs-timeout-ms'],
])

interface Option {
  readonly name: string
  readonly value: string
}

/** The options and arguments, short ones spelled out: an argument is `url`. */
function* optionsOf(words: readonly string[]): Iterable<Option> {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    const [, long, own] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
    if (long) {
      const value = LONG.has(long) ? (own ?? words[++at] ?? '') : ''
      yield { name: long, value }
    } else if (/^-./.test(word)) {
      // Flags without a value may stand before one that has it: -sXPOST.
      for (let letter = 1; letter < word.length; letter++) {
        const name = WITH_VALUE[word[letter] as string]
        if (name) {
          yield { name, value: word.slice(letter + 1) || (words[++at] ?? '') }
          break
        }
        yield { name: word[letter] as string, value: '' }
      }
    } else yield { name: 'url', value: word }
  }
}

/** Header fields that an option of curl stands for. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['user-agent', 'User-Agent'],
  ['referer', 'Referer'],
  ['cookie', 'Cookie'],
])

/** The field of a `--header`: `Name:` leaves one of curl's own out, and `Name;` sends it empty. */
function fieldOfOption(value: string): Field[] {
  const field = parseField(value)
  if (field) return field[1] === '' ? [] : [field]
  return /;\s*$/.test(value) ? [[value.replace(/;\s*$/, ''), '']] : []
}

const withQuery = (url: string, query: string): string => {
  const bare = url.replace(/#.*$/s, '')
  return `${bare}${bare.includes('?') ? '&' : '?'}${query}`
}

/** What `--data-urlencode` sends: `content`, `=content` or `name=content`. */
function encoded(value: string): string {
  const equals = value.indexOf('=')
  const name = equals > 0 ? value.slice(0, equals + 1) : ''
  return name + encodeURIComponent(wellFormed(value.slice(equals + 1))).replace(/%20/g, '+')
}

/**
 * Reads a command line of curl: what it sends, as far as the line tells it.
 *
 * @throws CountersignError `invalid-url` without a URL or where a quotation is not closed,
 * `invalid-body` where the body is in a file or a form, `invalid-header` where it sends a password
 * @see https://curl.se/docs/manpage.html
 */
export function parseCurlLine(line: string): PastedRequest {
  const words = splitWords(line.replace(/^\$ /, '')) ?? fail('invalid-url', 'a closed quotation')
  const headers: Field[] = []
  const data: string[] = []
  let url = ''
  let method: string | undefined
  let asQuery = false
  let json = false
  const options = [...optionsOf(words.slice(1))]
  const has = (wanted: string) => options.some(({ name }) => name === wanted)
  for (const { name, value } of options) {
    const field = FIELDS.get(name)
    if (name === 'url') url ||= value
    else if (name === 'request') method = value
    else if (name === 'header') headers.push(...fieldOfOption(value))
    else if (/^(data.*|json)$/.test(name)) {
      if (value.startsWith('@') && name !== 'data-raw')
        fail('invalid-body', 'the body itself, as --data-raw, not its file')
      data.push(name === 'data-urlencode' ? encoded(value) : value)
      json ||= name === 'json'
    } else if (field) headers.push([field, value])
    else if (/^(get|G)$/.test(name)) asQuery = true
    else if (/^(head|I)$/.test(name)) method ??= 'HEAD'
    else if (/^(form|upload-file)$/.test(name)) fail('invalid-body', 'the body as --data-raw')
  }
  // User and password are the keys where --aws-sigv4 stands, and keys are asked for elsewhere.
  if ((has('user') || /^\w+:\/\/[^/?#]*@/.test(url)) && !has('aws-sigv4'))
    fail('invalid-header', 'a curl line without -u, which sends a password')
  if (!url) fail('invalid-url', 'a curl line with a url')
  const absolute = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`
  const body = data.length > 0 ? data.join(json ? '' : '&') : undefined
  if (body !== undefined && !asQuery && fieldOf(headers, 'content-type') === undefined)
    headers.push(['Content-Type', json ? 'application/json' : 'application/x-www-form-urlencoded'])
  return asQuery && body !== undefined
    ? {
        method: method ?? 'GET',
        url: withQuery(absolute, body),
        headers,
      }
    : {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        url: absolute,
        headers,
        ...(body === undefined ? {} : { body }),
      }
}
