import { isPattern } from '../../../verify/authority.ts'
import type { Evidence } from '../../case/evidence.ts'
import { withHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'

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
  return [
    ...[name, ...ports.map((port) => `${name}:${port}`)].map((it) => signedFor(it, 'host-port')),
    ...[...hosts.filter((it) => !isPattern(it)), ...forwarded, 'localhost', '127.0.0.1'].flatMap(
      (other) => [
        signedFor(other, 'host-changed'),
        signedFor(other.replace(/:\d+$/, ''), 'host-changed'),
      ],
    ),
    signedFor(host.toLowerCase(), 'host-changed'),
    // A bucket in the host, or in the path.
    signedFor(host.replace(/^[^.]+\./, ''), 'host-changed'),
  ]
}

const signedFor = (host: string, cause: MismatchCause): Hypothesis => ({
  cause,
  detail: host,
  change: (parts) => withHeader(parts, 'host', host),
})
