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
const bucketOf = ([, host, path]: ReturnType<typeof readUrl>): string | undefined =>
  /^(.+)\.s3[.-]/.exec(host)?.[1] ?? path.split('/')[1]

/**
 * The place that an answer leads to, by `Location`, S3's `<Endpoint>` or the region that it tells: of the
 * same service, for S3 of the same bucket, never from https to http, and between places that `known`
 * knows; undefined where it leads to no such place.
 */
export function redirection(
  headers: Headers,
  text: string,
  url: string,
  { service, region, pathEncoding }: Pick<SignOptions, 'service' | 'region'> & Profile,
  known: Redirect,
): Place | undefined {
  const told = /<Region>([\w-]+)</.exec(text)?.[1] ?? region
  const location = headers.get('location')
  try {
    const from = readUrl(url, {})
    const here = known(url)?.region
    const endpoint =
      /<Endpoint>([\w.:-]+)</.exec(text)?.[1] ?? from[1].replace(`.${here}.`, `.${told}.`)
    // The URL parser would lead to another key where dots stand in this one.
    const target = location
      ? new URL(location, url).href
      : url.replace(`//${from[1]}`, `//${endpoint}`)
    const there = known(target)
    const next = location || target !== url ? there?.region : told !== region && told
    const bucket = bucketOf(from)
    return here &&
      next &&
      (there?.service ?? service) === service &&
      // The fifth letter tells https from http, and stands behind the colon in the alphabet.
      (url[4] as string) <= (target[4] as string) &&
      (pathEncoding !== 'single' || !bucket || bucket === bucketOf(readUrl(target, {})))
      ? { url: target, region: next }
      : undefined
  } catch {
    // What is no address leads nowhere.
    return undefined
  }
}
