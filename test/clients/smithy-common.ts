import { HttpRequest } from '@smithy/protocol-http'
import type { PresignOptions } from 'countersign'
import { smithySigner } from 'countersign/smithy'
import { hostileTargets } from '../senders.ts'
import { credentials, REGION, SERVICES } from './common.ts'

export const signerFor = (service: string, more: Partial<PresignOptions> = {}) =>
  smithySigner({ service, region: REGION, credentials, ...more })

/** A hostile spelling as a request of the SDK: the path as it is, the query as a bag. */
export function requestOf(origin: string, spelling: string): HttpRequest {
  const [path = '', ...rest] = spelling.split('?')
  const query: Record<string, string | string[] | null> = {}
  for (const part of rest.length > 0 ? rest.join('?').split('&') : []) {
    const [name = '', value = null] = part.split(/=(.*)/s)
    const held = Object.hasOwn(query, name) ? query[name] : undefined
    const more = held == null ? value : [held, value ?? ''].flat()
    Object.defineProperty(query, name, {
      value: more,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  const { hostname, port, host } = new URL(origin)
  return new HttpRequest({
    ...{ protocol: 'http:', hostname, port: Number(port), path, query },
    headers: { host, 'x-amz-meta-a': ' a  b ' },
  })
}

export const cases = SERVICES.flatMap((service) =>
  hostileTargets.map((path) => [service, path] as const),
)
