import { fail } from '../model/errors.ts'
import type { CanonicalOptions, UrlLike } from '../model/types.ts'

/**
 * An absolute URL in the spelling that goes to the wire, not decoded: the scheme with its slashes,
 * the host as in the Host header (lower-case, with a port unless it is the scheme's own), the path,
 * and the query without the `?`.
 */
type WireUrl = readonly [scheme: string, host: string, path: string, query: string]

// A URL of this form needs no other spelling. The i flag would slow every class.
const URL_FORM =
  /^(?:((?:http|ws)(s?):\/\/)([\da-z._~-]+|\[[\da-f:.]+\])(:\d*|))?(|\/[!$-;=@-[\]_a-z~]*)(?:$|\?)([!$-*,-;=?-[\]_a-z~]*)$/

/**
 * The spelling that goes to the wire: what cannot stand in a URL is encoded as every client would do
 * it, scheme and host are in lower case, user info is dropped as none sends it, and a `+` in the
 * query, which form decoders read as a blank, is the blank that it stands for.
 */
const spell = (text: string): string =>
  text
    // Unpaired surrogates stand by their numbers, as Hermes knows no \p{Cs}.
    .replace(/[ "<>^`{-}]|[^\0-\x7f\ud800-\udfff]/gu, encodeURI)
    .replace(/^\w+:\/\/[^/?#\\]*/, (origin) => origin.toLowerCase().replace(/^(\w+:..).*@/, '$1'))
    .replace(/\?.*/, (query) => query.replaceAll('+', '%20'))

const read = (text: string): RegExpExecArray | null =>
  URL_FORM.exec(text) ?? URL_FORM.exec(spell(text))

type PathRules = Pick<CanonicalOptions, 'pathEncoding' | 'encodedSlash'>

/** A path as its service reads it: to S3, a `%2F` is a slash, and a bare `+` a blank or what stands for it. */
export const readPath = (
  path: string,
  { pathEncoding, encodedSlash }: PathRules,
  plus: string,
): string =>
  pathEncoding === 'single'
    ? path.replaceAll('+', plus).replace(/%2f/gi, encodedSlash === 'literal' ? '$&' : '/')
    : path

/**
 * Reads an absolute URL without a URL parser, which would resolve `..` and re-spell the query.
 *
 * In the path of an S3 service a bare `+`, which it reads as a blank, is encoded, and a `%2F` is the
 * slash that it reads.
 */
export function readUrl(url: string | UrlLike, rules: PathRules): WireUrl {
  const found = read(`${(url as UrlLike | undefined)?.href ?? url}`)
  if (!found?.[1]) fail('invalid-url', 'absolute http or ws url, # as %23')
  // Taking the array apart would cost as much as the match.
  const host = found[3] as string
  const port = found[4] as string
  return [
    found[1],
    host + port.replace(found[2] ? /:(0*443)?$/ : /:(0*80)?$/, ''),
    readPath(found[5] as string, rules, '%2B'),
    found[6] as string,
  ]
}

/** Reads a request target, which has no scheme and no host; it may be empty. */
export function readTarget(target: string): WireUrl {
  const found = read(target) ?? fail('invalid-url', 'a target, # as %23')
  return ['', '', found[5] as string, found[6] as string]
}

/** The request target of an absolute URL, as a client that takes both apart is to send it. */
export const targetOf = (url: string): string => url.replace(/^\w+:\/\/[^/?]*\/?/, '/')
