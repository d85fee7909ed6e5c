import { match } from '../errors.ts'
import { percentEncode } from '../lib/percent.ts'
import type { PathEncoding, UrlLike } from '../types.ts'

/** An absolute URL in the spelling that goes to the wire, not decoded. */
export interface WireUrl {
  readonly scheme: string
  /** As in the Host header: lower-case, with a port unless it is the scheme's own. */
  readonly host: string
  readonly path: string
  /** Without the `?`. */
  readonly query: string
}

const URL_FORM =
  /^(https?:|wss?:)\/\/(?:[^/?]*@)?([\w.~-]+|\[[\da-f:.]+\])(:\d*)?(|\/[!$->@-[\]-~]*)(?:\?([!$-[\]-~]*))?$/i

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
  const [, scheme = '', name = '', port = '', path = '', query = ''] = match(
    text.replace(/[ "<>^`{-}\x80-\ud7ff\ue000-\u{10ffff}]+/gu, percentEncode),
    URL_FORM,
    'invalid-url',
    'an absolute URL, # as %23',
  )
  return {
    scheme,
    host: (name + port).toLowerCase().replace(/s:/i.test(scheme) ? /:(0*443)?$/ : /:(0*80)?$/, ''),
    path: pathEncoding === 'single' ? path.replace(/\+/g, '%2B') : path,
    query: query.replace(/\+/g, '%20'),
  }
}
