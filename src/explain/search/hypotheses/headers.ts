import { utf8 } from '../../../lib/utf8.ts'
import type { Hypothesis } from '../../case/parts.ts'
import { type Evidence, type Parts, withHeader, withoutHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import { LONG, MOST } from '../limits.ts'

/** Headers that clients and proxies rewrite, and the values that they had before. */
const VOLATILE: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  'accept-encoding': [
    'gzip',
    'gzip, deflate',
    'gzip, deflate, br',
    'gzip, deflate, br, zstd',
    'gzip,deflate',
    'gzip, br',
    'identity',
    'deflate, gzip',
    'br',
    '*',
    '',
  ],
  'content-length': ['0', ''],
  connection: ['keep-alive', 'close', 'Keep-Alive', ''],
  'user-agent': ['', 'node', 'undici', 'axios', 'aws4fetch'],
  'x-amzn-trace-id': [''],
  accept: ['*/*', 'application/json', 'application/json, text/plain, */*', ''],
  'content-type': [
    'application/json',
    'application/x-amz-json-1.0',
    'application/x-amz-json-1.1',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'text/plain',
    'binary/octet-stream',
    '',
  ],
}

/** How many guesses there are at headers, so that those at the rest have their turn. */
const ALTOGETHER = 2000

/** Whether a header is one that no one should sign. */
export const isVolatile = (name: string): boolean =>
  /^(accept-encoding|user-agent|content-length|x-amzn-trace-id|connection)$/.test(name)

function valuesOf(name: string, raw: string, bodyLength: () => number): [MismatchCause, string][] {
  if (raw.length > LONG) return [raw, raw.trim()].map((value) => ['header-blanks', value])
  const collapsed = raw
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(' ')
  const list = collapsed.split(/ ?, ?/)
  const changed: MismatchCause = isVolatile(name) ? 'volatile-header' : 'header-changed'
  const volatile = (VOLATILE[name] ?? []).map((value): [MismatchCause, string] => [changed, value])
  return [
    ...(isVolatile(name) ? volatile : []),
    ['header-blanks', raw],
    ['header-blanks', raw.trim()],
    // Ruby keeps what stands in quotes.
    [
      'header-blanks',
      raw.trim().replace(/"[^"]*"|[ \t]+/g, (part) => (part.startsWith('"') ? part : ' ')),
    ],
    ['header-blanks', collapsed.replace(/ /g, '')],
    ['header-blanks', list.join(',')],
    ['header-blanks', list.join(', ')],
    ['header-case', collapsed.toLowerCase()],
    ['header-case', collapsed.toUpperCase()],
    ['header-case', collapsed.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())],
    ['header-order', [...list].reverse().join(',')],
    ['header-order', [...list].sort().join(',')],
    ['header-order', [...list].reverse().join(', ')],
    ['header-order', [...list].sort().join(', ')],
    [changed, list[0] as string],
    [changed, list.slice(0, -1).join(',')],
    [changed, list.slice(0, -1).join(', ')],
    [changed, (collapsed.split(';')[0] as string).trim()],
    [changed, `${collapsed}; charset=utf-8`],
    [changed, `${collapsed}; charset=UTF-8`],
    [changed, `${collapsed};charset=UTF-8`],
    [changed, collapsed.replace(/^"|"$/g, '')],
    ...(name === 'content-length'
      ? [[changed, String(bodyLength())] as [MismatchCause, string]]
      : []),
    ...volatile,
  ]
}

/** All spellings in upper and lower case of a short value: what a proxy folded can be found again. */
function caseVariants(value: string): string[] {
  const letters = value.match(/[a-z]/gi)?.length ?? 0
  if (letters === 0 || letters > 6) return []
  let variants = ['']
  for (const character of value) {
    const forms = [...new Set([character.toLowerCase(), character.toUpperCase()])]
    variants = variants.flatMap((start) => forms.map((form) => start + form))
  }
  return variants
}

/** What a signer may have made of each header, or a proxy of it afterwards; in turn, a header at a time. */
export function headerHypotheses(
  base: Omit<Parts, 'key'>,
  { headers, body }: Evidence,
): Hypothesis[] {
  const length = () => (typeof body === 'string' ? utf8(body).length : body.length)
  const lists = base.headers
    .filter(([name]) => name !== 'host')
    .slice(0, MOST)
    .map(([name]): Hypothesis[] => {
      const raw = headers.get(name) ?? ''
      const values = valuesOf(name, raw, length)
      const spellings = caseVariants(raw).map((value): [MismatchCause, string] => [
        'header-case',
        value,
      ])
      return [
        ...[...values, ...spellings].map(
          ([cause, value]): Hypothesis => ({
            cause,
            detail: name,
            change: (parts) => withHeader(parts, name, value),
          }),
        ),
        { cause: 'header-unsigned', detail: name, change: (parts) => withoutHeader(parts, name) },
      ]
    })
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, at) => lists.map((list) => list[at]))
    .flat()
    .filter((it) => it !== undefined)
    .slice(0, ALTOGETHER)
}
