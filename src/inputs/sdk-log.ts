import { percentEncode } from '../lib/percent.ts'
import { elements } from '../lib/xml.ts'
import { objectsIn, type Printed, type PrintedObject } from './literal.ts'
import type { Logged, PastedRequest } from './pasted.ts'

const isObject = (value: Printed): value is PrintedObject => value instanceof Map

/** A text without half of a surrogate pair, which no URL can have. */
const encoded = (text: string): string => percentEncode(text.replace(/[\ud800-\udfff]/g, '\ufffd'))

/** The query as the SDK spells it: sorted, a name alone where there is no value. */
function queryOf(query: Printed): string {
  if (!isObject(query)) return ''
  const parts = Array.from(query).flatMap(([name, value]) =>
    [value].flat().map((one): string => {
      const text = typeof one === 'string' || typeof one === 'number' ? `=${encoded(`${one}`)}` : ''
      return encoded(name) + text
    }),
  )
  return parts.sort().join('&')
}

/** Bytes as JSON and Node print them: a list of numbers, numbers by their index, or those of a `Buffer`. */
function bytesOf(body: Printed): Uint8Array | undefined {
  if (isObject(body) && body.has('data')) return bytesOf(body.get('data'))
  const numbers = isObject(body) ? [...body.values()] : body
  return Array.isArray(numbers) && numbers.every((one) => typeof one === 'number')
    ? Uint8Array.from(numbers as number[])
    : undefined
}

/** The body, where all of it is shown; else the hash that the request states. */
function bodyOf(
  body: Printed,
  headers: PastedRequest['headers'],
): Pick<PastedRequest, 'body' | 'payload'> {
  if (body === undefined || body === '') return {}
  const shown = typeof body === 'string' ? body : bytesOf(body)
  if (shown !== undefined) return { body: shown }
  const payload = headers.find(([name]) => name.toLowerCase() === 'x-amz-content-sha256')?.[1]
  return payload === undefined ? {} : { payload }
}

/** The `HttpRequest` of an SDK for JavaScript, where an object is one. */
function requestOf(printed: PrintedObject): PastedRequest | undefined {
  const [method, hostname, path, fields] = ['method', 'hostname', 'path', 'headers'].map((name) =>
    printed.get(name),
  )
  if (typeof method !== 'string' || typeof hostname !== 'string' || !hostname) return undefined
  if (typeof path !== 'string' || fields === undefined || !isObject(fields)) return undefined
  const headers = Array.from(fields).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, `${value}`]] : [],
  )
  const protocol = printed.get('protocol') === 'http:' ? 'http:' : 'https:'
  const port = printed.get('port')
  const query = queryOf(printed.get('query'))
  const authority = `${hostname}${typeof port === 'number' ? `:${port}` : ''}`
  const url = `${protocol}//${authority}${path || '/'}${query && `?${query}`}`
  return { method, url, headers, ...bodyOf(printed.get('body'), headers) }
}

/** Elements of S3's error document that the SDK hands on as members of its error. */
const MEMBERS = [
  ...['Code', 'AWSAccessKeyId', 'StringToSign', 'SignatureProvided', 'StringToSignBytes'],
  ...[
    'CanonicalRequest',
    'CanonicalRequestBytes',
    'ServerTime',
    'RequestTime',
    'Region',
    'Endpoint',
  ],
] as const

/** Code and message where an error begins, before its stack: `NAME: MESSAGE`. */
function headOf(text: string): readonly [name: string, message: string] | undefined {
  const stack = text.indexOf('\n    at ')
  if (stack < 0) return undefined
  const lines = text.slice(0, stack).split('\n')
  const first = lines.findLastIndex((line) => /^(Uncaught )?[A-Z]\w+( \[\w+\])?: \S/.test(line))
  const [, name, message] =
    /^(?:Uncaught )?([A-Z]\w+)(?: \[\w+\])?: (.*)$/s.exec(
      lines.slice(Math.max(first, 0)).join('\n'),
    ) ?? []
  return name === undefined || message === undefined ? undefined : [name, message]
}

/** The error of an SDK for JavaScript, told by its `$metadata`, as the document that it was read from. */
function answerOf(printed: PrintedObject, text: string): string | undefined {
  if (!isObject(printed.get('$metadata'))) return undefined
  const textOf = (name: string, from: Printed = printed): string | undefined => {
    const value = isObject(from) ? from.get(name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  const [name, head] = headOf(text) ?? []
  const inner = printed.get('Error')
  const message = textOf('message') ?? textOf('Message', inner) ?? textOf('Message') ?? head ?? ''
  const members = Object.fromEntries(MEMBERS.map((member) => [member, textOf(member)]))
  const code = members.Code ?? textOf('Code', inner) ?? textOf('__type') ?? textOf('name') ?? name
  if (code === undefined && message === '') return undefined
  return elements({ Error: { ...members, Code: code, Message: message } })
}

/**
 * Reads what the SDK for JavaScript leaves in a log: the request that a middleware prints, as JSON or
 * as Node shows it, and the error that came for it. Empty where it is no such text.
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/middleware-stack.html
 */
export function readSdkLog(text: string): Logged {
  const objects = objectsIn(text)
  const request = objects.map(requestOf).findLast((one) => one !== undefined)
  const answer = objects.map((one) => answerOf(one, text)).findLast((one) => one !== undefined)
  return { ...(request && { request }), ...(answer !== undefined && { answer }) }
}
