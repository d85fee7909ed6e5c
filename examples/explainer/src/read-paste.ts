import type { Sent } from './trace/model.ts'

/** What was pasted as a request: a request, or an answer in the wrong box. */
export interface Pasted {
  readonly sent?: Sent
  readonly answer?: string
}

/** The scheme does not enter a signature; a raw request does not tell it. */
const absolute = (target: string, host: string): string =>
  target.startsWith('/') ? `https://${host}${target}` : target

/** Reads a raw request or a URL; other spellings are read by the command line's parsers. */
export function readPaste(pasted: string): Pasted {
  const text = pasted.trimStart()
  if (/^[<{]/.test(text)) return { answer: text }
  const [, head = '', body = ''] = /^(.*?)(?:\r?\n\r?\n(.*))?$/s.exec(text) ?? []
  const [first = '', ...lines] = head.trimEnd().split(/\r?\n/)
  const [, method = 'GET', target = first.trim()] = /^([A-Z]+) (\S+)/.exec(first) ?? []
  const headers = lines.map((line): [string, string] => {
    const [, name = line, value = ''] = /^([^:]*):[ \t]*(.*)$/s.exec(line) ?? []
    return [name, value]
  })
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
  return { sent: { method, url: absolute(target, host), headers, body } }
}
