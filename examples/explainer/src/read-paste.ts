import type { Sent } from './trace/model.ts'

/** What was pasted: a request, an answer, or both. */
export interface Pasted {
  readonly sent?: Sent
  readonly answer?: string
}

export function readPaste(text: string): Pasted {
  const [head = '', body = ''] = text.split(/\r?\n\r?\n(.*)/s)
  const [first = '', ...fields] = head.split(/\r?\n/)
  const [, method = 'GET', target = ''] = /^([A-Z]+) (\S+)/.exec(first) ?? [0, 'GET', first.trim()]
  const headers = fields.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
  const url = target.startsWith('/') ? `https://${host}${target}` : target
  return { sent: { method, url, headers, body } }
}
