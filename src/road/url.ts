import { fail } from '../errors.ts'
import type { PathEncoding, UrlLike } from '../types.ts'

/**
 * An absolute URL in the spelling that goes to the wire, not decoded: the scheme with its slashes,
 * the host as in the Host header (lower-case, with a port unless it is the scheme's own), the path,
 * and the query without the `?`.
 */
export type WireUrl = readonly [scheme: string, host: string, path: string, query: string]

// Without the i flag, which slows every class.
const URL_FORM =
  /^((?:http|ws)(s?):\/\/)((?:[\w.~-]+|\[[\dA-Fa-f:.]+\])(?::\d*)?)(|\/[!$-;=@-[\]_a-z~]*)(?:\?([!$-;=?-[\]_a-z~]*))?$/

/** The spelling of what cannot stand in a URL, as every client would write it; without user info, which none sends. */
const spell = (text: string): string =>
  text
    // Unpaired surrogates by their numbers: Hermes knows no \p{Cs}.
    .replace(/[ "<>^`{-}]|[^\0-\x7f\ud800-\udfff]/gu, encodeURIComponent)
    .replace(/^(\w+:\/\/)([^/?#\\]*@)?/, (_, scheme: string) => scheme.toLowerCase())

/**
 * Reads an absolute URL without a URL parser, which would resolve `..` and re-spell the query.
 *
 * What cannot stand in a URL is percent-encoded, as every client would do it. A bare `+` is made
 * safe: S3 reads it as a blank in a path, and every form decoder in a query.
 */
export function readUrl(
  url: string | UrlLike,
  { pathEncoding }: { pathEncoding?: PathEncoding | undefined },
): WireUrl {
  const text = typeof url === 'string' ? url : url.href
  const found =
    URL_FORM.exec(text) ??
    URL_FORM.exec(spell(text)) ??
    fail('invalid-url', 'an absolute url, # as %23')
  // By index: taking an array apart costs as much as the match.
  const host = found[3] as string
  const path = found[4] as string
  const query = found[5] ?? ''
  return [
    found[1] as string,
    (host.includes(':')
      ? host.replace(found[2] ? /:(0*443)?$/ : /:(0*80)?$/, '')
      : host
    ).toLowerCase(),
    pathEncoding === 'single' ? path.replaceAll('+', '%2B') : path,
    query.includes('+') ? query.replaceAll('+', '%20') : query,
  ]
}
