import { quoted } from '../inputs/shell-words.ts'
import { formatField } from '../lib/fields.ts'
import type { SignedRequest } from '../model/types.ts'
import { type Call, UsageError } from './options.ts'

/** A line of curl that sends a signed request; a body that came from a file comes from it again. */
function curlLine({ method, url, headers, body }: SignedRequest, data: string | undefined): string {
  const verb = /^[\w-]+$/.test(method) ? method : quoted(method)
  const words = ['curl', '--path-as-is', '--globoff', '-X', verb]
  for (const field of Object.entries(headers)) words.push('-H', quoted(formatField(field)))
  if (data?.startsWith('@')) words.push('--data-binary', quoted(data))
  else if (typeof body === 'string') words.push('--data-raw', quoted(body))
  return [...words, quoted(url)].join(' ')
}

const headerLines = ({ headers }: SignedRequest): string =>
  Object.entries(headers).map(formatField).join('\n')

/** A signed request as the call asks for it: header lines, a curl line, or JSON. */
export function formatSigned(call: Call, signed: SignedRequest): string {
  const format = call.text('format') ?? (call.values.json ? 'json' : 'headers')
  if (format === 'curl') return curlLine(signed, call.text('data'))
  if (format === 'headers') return headerLines(signed)
  if (format !== 'json') throw new UsageError('--format is headers, curl or json.')
  const { method, url, headers, trace } = signed
  return JSON.stringify({ method, url, headers, trace }, null, 2)
}

const RED = '\x1b[31m'
const GREEN = '\x1b[32m'
const YELLOW = '\x1b[33m'
const BOLD = '\x1b[1m'
const PLAIN = '\x1b[0m'

/** An explanation in colour: the cause bold, our side red and theirs green, as a diff has them. */
export const colored = (report: string): string =>
  report
    .replace(/^.+/, `${BOLD}$&${PLAIN}`)
    .replace(/^ *\d+ -.*$/gm, `${RED}$&${PLAIN}`)
    .replace(/^ *\d+ \+.*$/gm, `${GREEN}$&${PLAIN}`)

/** The report of a probe in colour: what was let in red, other findings yellow, a whole score green. */
export const coloredProbe = (report: string): string =>
  report
    .replace(/^Wrongly let in.*$/m, `${BOLD}${RED}$&${PLAIN}`)
    .replace(
      /^(Wrongly refused|Answered otherwise|Not to be told).*$/gm,
      `${BOLD}${YELLOW}$&${PLAIN}`,
    )
    .replace(/^Right$/m, `${BOLD}$&${PLAIN}`)
    .replace(/^ {2}\S+ +(\d+) of +(\d+)$/gm, (line, right, judged) =>
      right === judged ? `${GREEN}${line}${PLAIN}` : line,
    )
