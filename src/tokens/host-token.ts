import { dnsSuffix } from '../endpoints/dns-suffix.ts'
import { percentEncode } from '../lib/percent.ts'
import { ensure } from '../model/errors.ts'
import { presigned } from './presigned.ts'
import type { CacheTokenOptions, Token, TokenOptions } from './types.ts'

/** A host as it may stand in a URL, and nothing that would end it there. */
export const hostOf = (host: string): string =>
  ensure(host && /^[\w.-]+(:\d+)?$/.test(host) && host, 'invalid-url', 'host')

/** The name of a region's endpoint of STS; that a region is missing is told as it is signed for. */
export const stsOf = (region: string): string => `sts.${region}.${dnsSuffix(`${region}`)}`

/** A user's name as it stands in a query. */
export const userOf = ({ user }: { readonly user: string }): string =>
  // An unpaired surrogate has no encoding.
  percentEncode(ensure(!/[\ud800-\udfff]/u.test(user) && user, 'invalid-options', 'user'))

/** The password of a database: a URL without its scheme, whose host is signed and sent as it was written. */
export async function databaseToken(
  service: string,
  host: string,
  query: string,
  options: TokenOptions,
  expiresIn?: number,
): Promise<Token> {
  const { url, expiresAt } = await presigned(
    { url: `https://${hostOf(host)}/?${query}`, headers: { host } },
    { ...options, service, expiresIn },
  )
  return { token: `${host}/${url.split('/')[3]}`, expiresAt }
}

/** The password of a cache: a URL without its scheme, whose host is the cache's name in lower case. */
export async function cacheToken(
  service: string,
  options: CacheTokenOptions,
  more: string,
): Promise<Token> {
  const { url, expiresAt } = await presigned(
    { url: `https://${hostOf(options.cluster)}/?Action=connect&User=${userOf(options)}${more}` },
    { ...options, service, expiresIn: 900 },
  )
  return { token: url.slice('https://'.length), expiresAt }
}
