import { percentEncode } from '../../../lib/percent.ts'
import type { Evidence } from '../../case/evidence.ts'
import { tried } from './texts.ts'

/** Stages and mounts that gateways add or strip. */
const PREFIXES = [
  'prod',
  'dev',
  'stage',
  'staging',
  'test',
  'beta',
  'default',
  '$default',
  'live',
  'api',
  'v1',
  'v2',
  's3',
]

/** A path that came from a header or an option, in the spelling of the wire. */
const onWire = (path: string): string =>
  path.replace(/[^!-~]+/g, (text) => tried(percentEncode, text)).replace(/[^!-~]/g, '')

/** Paths that may have been on the wire before a gateway touched them. */
export function otherPaths({ wirePath, headers, hosts, prefixes }: Evidence): string[] {
  const rest = wirePath.replace(/^\/[^/]*/, '')
  const bucket = hosts.map((host) => host.split('.')[0] as string)
  const original = ['x-original-uri', 'x-original-url', 'x-rewrite-url', 'x-forwarded-uri'].map(
    (name) => headers.get(name)?.replace(/\?.*/s, ''),
  )
  const before = [...prefixes, headers.get('x-forwarded-prefix'), ...PREFIXES, ...bucket]
    .map((prefix) => prefix?.replace(/^\/|\/$/g, ''))
    .filter((prefix) => prefix)
  return [
    ...before.map((prefix) => `/${onWire(prefix as string)}${wirePath}`),
    ...original.filter((path) => path !== undefined).map(onWire),
    rest || '/',
    rest.replace(/^\/[^/]*/, '') || '/',
  ]
}
