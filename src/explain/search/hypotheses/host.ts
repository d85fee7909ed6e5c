import type { Hypothesis } from '../../case/parts.ts'
import { type Evidence, withHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'

const PORTS = ['443', '80', '8080', '8443', '3000', '9000']

/** Which host a signer may have signed for. */
export function hostHypotheses({ headers, hosts }: Evidence): Hypothesis[] {
  const host = headers.get('host') ?? ''
  const name = host.replace(/:\d+$/, '')
  const forwarded = [
    headers.get('x-forwarded-host'),
    headers.get('x-original-host'),
    /host="?([^";,]+)/i.exec(headers.get('forwarded') ?? '')?.[1],
    headers.get('x-host'),
  ].filter((value) => value !== undefined)
  const ports = [...PORTS, headers.get('x-forwarded-port')].filter((port) => port)
  const to =
    (cause: MismatchCause) =>
    (value: string): Hypothesis => ({
      cause,
      detail: value,
      change: (parts) => withHeader(parts, 'host', value),
    })
  return [
    ...[name, ...ports.map((port) => `${name}:${port}`)].map(to('host-port')),
    ...[...hosts, ...forwarded, ...['localhost', '127.0.0.1']].flatMap((other) => [
      to('host-changed')(other),
      to('host-changed')(other.replace(/:\d+$/, '')),
    ]),
    to('host-changed')(host.toLowerCase()),
    // A bucket in the host, or in the path.
    to('host-changed')(host.replace(/^[^.]+\./, '')),
  ]
}
