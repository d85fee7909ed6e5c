import type { Located, Sent } from './model.ts'

/** A part of a request that can be pointed at. */
export interface RequestPart {
  readonly id: string
  /** What it is called in a sentence. */
  readonly name: string
  readonly text: string
}

/** A request's text, part by part; those without an id are punctuation. */
export interface RequestLine {
  readonly parts: readonly (RequestPart | string)[]
}

const URL_PARTS = /^(\w+:\/\/)?((?:(?!\w+:\/\/)[^/?#])*)([^?#]*)(\?[^#]*)?/s

/** A URL, cut at its punctuation; nothing is decoded. */
export function urlParts(url: string): {
  scheme: string
  host: string
  path: string
  query: string
} {
  const [, scheme = '', host = '', path = '', query = ''] = URL_PARTS.exec(url) ?? []
  return { scheme, host, path, query: query.slice(1) }
}

/** A request as lines of parts, in the order of HTTP. */
export function requestLines({ method, url, headers, body }: Sent): RequestLine[] {
  const { scheme, host, path, query } = urlParts(url)
  const part = (id: string, name: string, text: string): RequestPart => ({ id, name, text })
  const inUrl = [
    scheme,
    part('host', "the URL's host", host),
    part('path', 'the path', path),
    ...(query ? ['?', part('query', 'the query', query)] : []),
  ]
  return [
    { parts: [part('method', 'the method', method), ' ', ...inUrl] },
    ...headers.map(([name, value], at) => ({
      parts: [
        part(`name ${at}`, `the name of header ${name}`, name),
        ': ',
        part(`value ${at}`, `header ${name}`, value),
      ],
    })),
    { parts: [part('body', 'the body', body)] },
  ]
}

const located = (part: string, text: string, start = 0): Located => ({
  text,
  origin: { part, start, end: start + text.length },
})

/** The whole of a part. */
export const whole = (part: string, text: string): Located => located(part, text)

/** A part of a text that a pattern's first group finds. */
export function within({ text, origin }: Located, pattern: RegExp): Located | undefined {
  const found = pattern.exec(text)
  const [, group] = found ?? []
  if (!found || group === undefined) return undefined
  const at = found.index + found[0].lastIndexOf(group)
  return located(origin.part, group, origin.start + at)
}

/** The value of a header. */
export function headerOf({ headers }: Sent, wanted: string): Located | undefined {
  const at = headers.findIndex(([name]) => name.toLowerCase() === wanted)
  const [, value] = headers[at] ?? []
  return value === undefined ? undefined : whole(`value ${at}`, value)
}

/** A parameter's value, in the spelling of the wire. */
export function parameterOf(sent: Sent, wanted: string): Located | undefined {
  const { query } = urlParts(sent.url)
  return within(whole('query', query), new RegExp(`(?:^|&)${wanted}=([^&]*)`, 'i'))
}
