import type { Hypothesis } from '../hypotheses.ts'
import { type Evidence, type Parts, withHeader, withoutHeader } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

/** Headers that clients and proxies rewrite, and the values that they had before. */
const VOLATILE: Readonly<Record<string, readonly string[]>> = {
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

/** Whether a header is one that no one should sign. */
export const isVolatile = (name: string): boolean =>
  /^(accept-encoding|user-agent|content-length|x-amzn-trace-id|connection)$/.test(name)

function valuesOf(name: string, raw: string, bodyLength: number): [MismatchCause, string][] {
  const collapsed = raw
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(' ')
  const list = collapsed.split(/ ?, ?/)
  const changed: MismatchCause = isVolatile(name) ? 'volatile-header' : 'header-changed'
  return [
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
      ? [[changed, String(bodyLength)] as [MismatchCause, string]]
      : []),
    ...(VOLATILE[name] ?? []).map((value) => [changed, value] as [MismatchCause, string]),
  ]
}

function hostHypotheses({ headers, hosts }: Evidence): Hypothesis[] {
  const host = headers.host ?? ''
  const name = host.replace(/:\d+$/, '')
  const forwarded = [
    headers['x-forwarded-host'],
    headers['x-original-host'],
    /host="?([^";,]+)/i.exec(headers.forwarded ?? '')?.[1],
    headers['x-host'],
  ].filter((value) => value !== undefined)
  const ports = [
    name,
    ...['443', '80', '8080', '8443', '3000', '9000', headers['x-forwarded-port']].map(
      (port) => `${name}:${port}`,
    ),
  ]
  const to =
    (cause: MismatchCause) =>
    (value: string): Hypothesis => ({
      cause,
      detail: value,
      change: (parts) => withHeader(parts, 'host', value),
    })
  return [
    ...ports.map(to('host-port')),
    ...[...hosts, ...forwarded, ...['localhost', '127.0.0.1']].flatMap((other) => [
      to('host-changed')(other),
      to('host-changed')(other.replace(/:\d+$/, '')),
    ]),
    to('host-changed')(host.toLowerCase()),
    // A bucket in the host, or in the path.
    to('host-changed')(host.replace(/^[^.]+\./, '')),
  ]
}

/** What a signer may have made of the headers, or a proxy of them afterwards. */
export function headerHypotheses(base: Parts, evidence: Evidence): Hypothesis[] {
  const { headers, body, token, tokenName } = evidence
  const length = typeof body === 'string' ? new TextEncoder().encode(body).length : body.length
  const found = hostHypotheses(evidence)
  for (const [name] of base.headers) {
    if (name !== 'host')
      for (const [cause, value] of valuesOf(name, headers[name] ?? '', length))
        found.push({ cause, detail: name, change: (parts) => withHeader(parts, name, value) })
    found.push({
      cause: 'header-unsigned',
      detail: name,
      change: (parts) => withoutHeader(parts, name),
    })
  }
  if (token !== undefined) {
    const field = [tokenName, token] as const
    found.push({
      cause: 'token-missing',
      change: (parts) => ({
        ...withoutHeader(parts, tokenName),
        headers: [...withoutHeader(parts, tokenName).headers, field].sort(([a], [b]) =>
          a < b ? -1 : 1,
        ),
        signedHeaders: [...withoutHeader(parts, tokenName).signedHeaders.split(';'), tokenName]
          .sort()
          .join(';'),
      }),
    })
  }
  found.push({ cause: 'token-appended', change: (parts) => withoutHeader(parts, tokenName) })
  for (const method of [
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
    'OPTIONS',
    base.method.toUpperCase(),
    base.method.toLowerCase(),
  ])
    found.push({
      cause: 'method-changed',
      detail: method,
      change: (parts) => ({ ...parts, method }),
    })
  return found
}
