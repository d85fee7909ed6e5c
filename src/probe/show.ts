import { quoted } from '../inputs/shell-words.ts'
import { base64 } from '../lib/base64.ts'
import { type Field, formatField } from '../lib/fields.ts'
import { percentEncode } from '../lib/percent.ts'
import type { Draft } from './draft.ts'
import type { ProbeResult } from './types.ts'
import { type Wire, wireOf } from './wire.ts'

/** Bytes of a body that are shown. */
const MOST = 2048

/** A draft without a session token, which opens more than its one request. */
function untold(draft: Draft, token: string | undefined): Draft {
  if (!token) return draft
  const hide = (text: string) =>
    [token, percentEncode(token)].reduce((left, it) => left.replaceAll(it, 'SESSION-TOKEN'), text)
  const hidden = ([name, value]: Field): Field =>
    // The policy of a form has the token among its conditions.
    name === 'policy' ? [name, 'POLICY'] : [name, hide(value)]
  return {
    ...draft,
    target: hide(draft.target),
    fields: draft.fields.map(hidden),
    ...(draft.form && { form: draft.form.map(hidden) }),
  }
}

const textIn = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The request as it goes over the wire; a body that is no text by its size. */
function formatWire({ method, target, fields, body }: Wire): string {
  const lines = [`${method} ${target} HTTP/1.1`, ...fields.map(formatField), '']
  const text = body.byteLength > MOST ? undefined : textIn(body)
  return `${lines.join('\n')}\n${text?.replaceAll('\r\n', '\n') ?? `(${body.byteLength} bytes)`}`
}

/** A line of curl that sends the same; what frames the message curl writes itself. */
function curlLine({ method, target, fields, body }: Wire, origin: string): string {
  const words = ['curl', '--path-as-is', '--globoff', '--include']
  words.push(...(method === 'HEAD' ? ['--head'] : ['-X', quoted(method)]))
  if (!target.startsWith('/')) words.push('--request-target', quoted(target))
  for (const field of fields)
    if (!/^(content-length|connection)$/.test(field[0])) {
      // What has no value is removed by curl, unless it ends in a semicolon.
      words.push('-H', quoted(field[1] === '' ? `${field[0]};` : formatField(field)))
    }
  // curl would name a type of its own.
  if (body.byteLength > 0 && !fields.some(([name]) => /^content-type$/i.test(name)))
    words.push('-H', quoted('content-type:'))
  const text = textIn(body)
  if (body.byteLength > 0) words.push('--data-binary', text === undefined ? '@-' : quoted(text))
  words.push(quoted(target.startsWith('/') ? origin + target : origin))
  const line = words.join(' ')
  return text === undefined ? `base64 -d <<< ${base64(body)} | ${line}` : line
}

/** How a request is shown: as it went over the wire, and as a line of curl. */
export function shown(
  draft: Draft,
  origin: string,
  token: string | undefined,
): Pick<ProbeResult, 'sent' | 'curl'> {
  const wire = wireOf(untold(draft, token))
  return { sent: formatWire(wire), curl: curlLine(wire, origin) }
}
