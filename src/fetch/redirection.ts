import type { Profile } from '../canonical/profile.ts'
import { readUrl } from '../canonical/url.ts'
import type { SignOptions } from '../model/types.ts'
import type { Redirect } from './types.ts'

/** Where a request goes in place of where it went. */
export interface Place {
  readonly url: string
  readonly region: string
}

/** The bucket of an address of S3, by its host or else by its path; empty where it names none. */
function bucketOf(url: string): string | undefined {
  const [, host, path] = readUrl(url, {})
  return /(.+)\.s3[.-]/.exec(host)?.[1] ?? path.split('/')[1]
}

/**
 * The place that an answer leads to, by `Location`, S3's `<Endpoint>` or the region that it tells: of the
 * same service, for S3 of the same bucket, never from https to http, and between places that `known`
 * knows; undefined where it leads to no such place.
 */
export function redirection(
  { headers }: Response,
  text: string,
  url: string,
  { service, region, pathEncoding }: Pick<SignOptions, 'service' | 'region'> & Profile,
  known: Redirect,
): Place | undefined {
  const said = `<Region>${headers.get('x-amz-bucket-region') ?? ''}<${text}`
  const told = /<Region>([\w-]+)</.exec(said)?.[1] ?? region
  const location = headers.get('location')
  try {
    const here = known(url)?.region
    const [scheme, host, path, query] = readUrl(url, {})
    const endpoint =
      /<Endpoint>([\w.:-]+)</.exec(text)?.[1] ??
      host.replace(`.${here}.`, `.${told}.`).replace('s3.amaz', `s3.${told}.amaz`)
    // Put together, as the URL parser would lead to another key where dots stand in this one.
    const target = location
      ? new URL(location, url).href
      : `${scheme}${endpoint}${path}${query && '?'}${query}`
    const there = known(target)
    const next = location || target !== url ? there?.region : told !== region && told
    return here &&
      next &&
      (there?.service ?? service) === service &&
      // The fifth letter tells https from http, and stands behind the colon in the alphabet.
      (url[4] as string) <= (target[4] as string) &&
      (pathEncoding !== 'single' || !bucketOf(url) || bucketOf(url) === bucketOf(target))
      ? { url: target, region: next }
      : undefined
  } catch {
    // What is no address leads nowhere.
    return undefined
  }
}
