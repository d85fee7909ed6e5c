import { CountersignError, ensure, type ServiceRefusal } from '../model/errors.ts'
import type { UrlLike } from '../model/types.ts'
import type { Fetch } from '../sign/fetch.ts'

/** Where a service is, and how it is asked. */
export interface ServiceOptions {
  /** Where the service answers. Default: AWS's own address for the region. */
  endpoint?: string | UrlLike | undefined
  /** What sends the call. Default: the platform's `fetch`. */
  fetch?: Fetch | undefined
}

/** AWS's endpoint of a service in a region, in the partitions that share a naming. */
export function endpointOf(service: string, region: string): string {
  ensure(/^[a-z]+-[a-z\d-]+$/.test(region), 'invalid-scope', 'region or endpoint')
  const domain = /^cn-/.test(region) ? 'com.cn' : /^eusc-/.test(region) ? 'eu' : 'com'
  return `https://${service}.${region}.amazonaws.${domain}/`
}

/** Sends one call; a redirect, which would take tokens elsewhere, counts as a refusal. */
export const post = (
  { endpoint, fetch }: ServiceOptions,
  service: string,
  region: string | undefined,
  headers: Record<string, string>,
  body: string,
): Promise<Response> =>
  ((fetch ?? globalThis.fetch) as typeof globalThis.fetch)(
    `${(endpoint as UrlLike)?.href ?? endpoint ?? endpointOf(service, `${region}`)}`,
    { method: 'POST', redirect: 'manual', headers, body },
  )

/** The error of an answer that is no success; without what was sent in confidence. */
export function refusal(
  { status }: Response,
  code: string | undefined,
  words: string | undefined,
  secrets: readonly (string | undefined)[],
): CountersignError {
  // AWS writes the canonical request, session token and all, below the first line.
  let [message = ''] = `${words ?? ''}`.split('\n')
  for (const secret of secrets) if (secret) message = message.replaceAll(secret, '…')
  const service: ServiceRefusal = { status, code, message: message.slice(0, 500) }
  return Object.assign(
    new CountersignError(
      'credentials-refused',
      `the service said ${[status, code, service.message].join(' ')}.`,
    ),
    { service },
  )
}
