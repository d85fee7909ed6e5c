import { type TemporaryCredentials, temporary } from '../credentials/temporary.ts'
import type { Fetch } from '../fetch/types.ts'
import { unescapeXml } from '../lib/xml.ts'
import { CountersignError, ensure, type ServiceRefusal } from '../model/errors.ts'
import type { UrlLike } from '../model/types.ts'

/** Where a service is, and how it is asked. */
export interface ServiceOptions {
  /** Where the service answers. Default: AWS's own address for the region. */
  endpoint?: string | UrlLike | undefined
  /** What sends the call. Default: the platform's `fetch`. */
  fetch?: Fetch | undefined
}

/** Where a service answers: where the caller says, or AWS's endpoint in the partitions that share a naming. */
export function addressOf(
  { endpoint }: ServiceOptions,
  service: string,
  region: string | undefined,
): string {
  if (endpoint) return `${(endpoint as UrlLike).href ?? endpoint}`
  const [, partition] = ensure(
    /^([a-z]+)-[a-z\d-]+$/.exec(region as string),
    'invalid-scope',
    'region or endpoint',
  )
  const end = partition === 'cn' ? 'com.cn' : partition === 'eusc' ? 'eu' : 'com'
  return `https://${service}.${region}.amazonaws.${end}/`
}

/** Sends one call; a redirect, which would take tokens elsewhere, counts as a refusal. */
export const post = (
  options: ServiceOptions,
  service: string,
  region: string | undefined,
  headers: Record<string, string>,
  body: string,
): Promise<Response> =>
  ((options.fetch ?? globalThis.fetch) as typeof globalThis.fetch)(
    addressOf(options, service, region),
    { method: 'POST', redirect: 'manual', headers, body },
  )

/** The error of an answer that is no success; without what was sent in confidence. */
export function refusal(
  { status }: Pick<Response, 'status'>,
  code: string | undefined,
  words: string | undefined,
  secrets: readonly (string | undefined)[],
): CountersignError {
  // AWS writes the canonical request, session token and all, below the first line.
  let [message] = /.*/.exec(words ?? '') as RegExpExecArray
  for (const secret of secrets) if (secret) message = message.replaceAll(secret, '…')
  const service: ServiceRefusal = { status, code, message: message.slice(0, 500) }
  return Object.assign(
    new CountersignError(
      'credentials-refused',
      `the service said ${Object.values(service).join(' ')}.`,
    ),
    { service },
  )
}

/** The credentials of an answer in XML, or the error that it tells; this is no parser. */
export async function credentialsIn(
  response: Response,
  secret?: string,
): Promise<TemporaryCredentials> {
  const found: Record<string, string | undefined> = {}
  for (const [, name, text] of (await response.text()).matchAll(/<(\w+)>([^<]+)/g))
    found[name as string] ??= unescapeXml(text as string)
  if (response.ok) return temporary(found)
  throw refusal(response, found.Code, found.Message, [secret])
}
